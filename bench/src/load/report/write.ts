import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BenchResult } from "../result.ts";
import { csv } from "./csv.ts";
import { html } from "./html.ts";
import { markdown } from "./markdown.ts";

/** result.json, runs.csv, report.md and report.html in `folder`, which is made. */
export function writeReport(folder: string, result: BenchResult): void {
  mkdirSync(folder, { recursive: true });
  const files = {
    "result.json": `${JSON.stringify(result, null, 1)}\n`,
    "runs.csv": csv(result.runs),
    "report.md": markdown(result),
    "report.html": html(result),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}
