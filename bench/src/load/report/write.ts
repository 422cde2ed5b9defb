import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BenchResult } from "../result.ts";
import { csv } from "./csv.ts";
import { html } from "./html.ts";
import { markdown } from "./markdown.ts";

/** In `folder`, which is made where it is missing. */
export function writeReport(folder: string, result: BenchResult): void {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, format: string, text: string) => writeFileSync(join(folder, `${name}.${format}`), text);
  write("result", "json", `${JSON.stringify(result, null, 1)}\n`);
  write("runs", "csv", csv(result.runs));
  write("report", "md", markdown(result));
  write("report", "html", html(result));
}
