/** docs/cli.md and docs/metrics.md are what the commands and a running validator say. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { cliPage, renderCli } from "./cli-page.ts";
import { metricsPage, renderMetrics, scraped } from "./metrics-page.ts";

test("docs/cli.md is what the commands declare", async () => {
  expect(readFileSync(cliPage, "utf8"), "run: npm run noema -- tool cli").toBe(await renderCli());
});

test("docs/metrics.md is what a validator tells", async () => {
  expect(readFileSync(metricsPage, "utf8"), "run: npm run noema -- tool metrics").toBe(renderMetrics(await scraped()));
});
