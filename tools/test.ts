/**
 * The test command: `npm test`, `test:quick`, `test:full`, `test:vectors`. Which project each runs is below, which file is in which
 * project in vitest.config.ts. The last line says how many tests ran.
 */
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { installOutside } from "./testing/install.ts";
import type { TestEvent } from "./testing/reporter.ts";
import { run } from "./testing/run.ts";
import { createTally } from "./testing/tally.ts";
import { whereToGetVectors } from "./vectors/where.ts";

const root = resolve(import.meta.dirname, "..");
const USAGE = `noema test [--quick | --full] [-t NAME] [FILE ...]
noema test --vectors [FOLDER]

  --quick     the unit tests
  --full      everything: also kill loops, long simulations, the slower rebuilds of committed artifacts
  --vectors   whole suites of outside vectors in FOLDER; without one it says where to get them
  -t NAME     only tests whose names match
  FILE        only files whose paths contain it
`;

async function vitest(projects: readonly string[], options: readonly string[], env?: NodeJS.ProcessEnv): Promise<number> {
  const tally = createTally();
  const entry = join(root, "node_modules", "vitest", "vitest.mjs");
  const reporters = ["--reporter=default", `--reporter=${join(root, "tools", "testing", "reporter.ts")}`];
  const all = [entry, "run", ...projects.flatMap((x) => ["--project", x]), ...reporters, ...options];
  const code = await run(process.execPath, all, tally.now, { cwd: root, env, onMessage: (x) => tally.add(x as TestEvent) });
  process.stdout.write(`${tally.closing()}\n`);
  return code;
}

async function main(): Promise<number> {
  const flag = { type: "boolean", default: false } as const;
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { quick: flag, full: flag, vectors: flag, help: { ...flag, short: "h" }, testNamePattern: { type: "string", short: "t" } },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const named = values.testNamePattern === undefined ? [] : ["-t", values.testNamePattern];
  if (values.vectors) {
    const [folder, ...files] = positionals;
    process.stdout.write(`${whereToGetVectors(folder)}\n`);
    if (folder === undefined) return 0;
    return vitest(["spec"], [...files, ...named], { ...process.env, NOEMA_CONFORMANCE: resolve(folder) });
  }
  const options = [...positionals, ...named];
  if (values.quick) return vitest(["unit"], options);
  for (const folder of ["tools", "e2e"]) await installOutside(join(root, folder));
  return vitest(["unit", "spec", "slow", "e2e", ...(values.full ? ["full"] : [])], options);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    process.stderr.write(`noema test: ${error.message.split(". ")[0]}; --help shows how it is called\n`);
    process.exitCode = 1;
  },
);
