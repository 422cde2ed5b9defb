/**
 * The test command: `npm test`, `test:quick`, `test:gate`, `test:full`, `test:vectors`. Which project each runs is below, which file is in which
 * project in vitest.config.ts. The last line says how many tests ran.
 */
import { join, resolve } from "node:path";
import { installOutside, OUTSIDE } from "./install-outside.ts";
import type { TestEvent } from "./testing/reporter.ts";
import { run } from "./testing/run.ts";
import { createTally } from "./testing/tally.ts";
import { whereToGetVectors } from "./vectors/where.ts";

const root = resolve(import.meta.dirname, "..");
const NORMAL = ["unit", "spec", "slow", "e2e"];
/** What has to pass before anything lands. */
const GATE = [...NORMAL, "full", "full-faults"];
const FULL = [...GATE, "full-e2e"];

async function vitest(projects: readonly string[], options: readonly string[], env?: NodeJS.ProcessEnv): Promise<number> {
  const tally = createTally();
  const entry = join(root, "node_modules", "vitest", "vitest.mjs");
  const reporters = ["--reporter=default", `--reporter=${join(root, "tools", "testing", "reporter.ts")}`];
  const all = [entry, "run", ...projects.flatMap((x) => ["--project", x]), ...reporters, ...options];
  const code = await run(process.execPath, all, tally.now, { cwd: root, env, onMessage: (x) => tally.add(x as TestEvent) });
  process.stdout.write(`${tally.closing()}\n`);
  return code;
}

export type TestOptions = {
  quick: boolean;
  gate: boolean;
  full: boolean;
  /** true: only where to get them. */
  vectors?: string | true;
  /** Only tests whose names match. */
  testNamePattern?: string;
};

/** Resolves with the exit code. `files`: only those whose paths contain one of them. */
export async function runTests(files: readonly string[], o: TestOptions): Promise<number> {
  const options = [...files, ...(o.testNamePattern === undefined ? [] : ["-t", o.testNamePattern])];
  if (o.vectors !== undefined) {
    const folder = o.vectors === true ? undefined : o.vectors;
    process.stdout.write(`${whereToGetVectors(folder)}\n`);
    if (folder === undefined) return 0;
    return vitest(["spec"], options, { ...process.env, NOEMA_CONFORMANCE: resolve(folder) });
  }
  if (o.quick) return vitest(["unit"], options);
  for (const folder of OUTSIDE) await installOutside(folder);
  return vitest(o.full ? FULL : o.gate ? GATE : NORMAL, options);
}
