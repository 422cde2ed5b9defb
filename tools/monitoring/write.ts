/** `noema tool dashboards`: docs/operate/monitoring/*.json; a test holds them equal. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../walls.ts";
import { dashboards } from "./dashboards.ts";
import { renderDashboard } from "./grafana.ts";

export const monitoringFolder = join(root, "docs", "operate", "monitoring");

export const dashboardFiles = () =>
  dashboards.map((x) => ({ path: join(monitoringFolder, `${x.uid.replace("noema-", "")}.json`), text: renderDashboard(x) }));

export function writeDashboards(): void {
  for (const { path, text } of dashboardFiles()) writeFileSync(path, text);
}
