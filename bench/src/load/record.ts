/** The ratios of a commit, kept in bench/records: what later commits are compared with. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { repositoryRoot } from "@noema/node/paths";
import type { BenchResult } from "./result.ts";

/** Writes bench/records/<command>-<commit>.json, without the runs: their absolute figures are the machine's. Returns its path. */
export function writeRecord({ runs: _, ...kept }: BenchResult): string {
  const folder = join(repositoryRoot(), "bench", "records");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${kept.command}-${kept.machine.commit.replaceAll(" ", "-")}.json`);
  writeFileSync(path, `${JSON.stringify(kept, null, 1)}\n`);
  return relative(process.cwd(), path);
}
