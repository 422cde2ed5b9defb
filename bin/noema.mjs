#!/usr/bin/env node
// The launcher: plain JavaScript, so that any Node can read it. Finds Node 24, bundles the sources once (importing the
// whole stack file by file costs seconds, four times over in a devnet), and hands over to a command.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { COMMANDS } from "./commands.mjs";
import { fittingNode, INVOCATION, root } from "./installation.mjs";
import { holdLifeline, LIFELINE } from "./lifeline.mjs";
import { DISABLE_SIGUSR1 } from "./no-debugger.mjs";
import { perform } from "./perform.mjs";
import { FAILED, guard, report, reportEnd } from "./report.mjs";

const addOn = `${root}.cache/native/identify.node`;
if (existsSync(addOn)) process.env.NOEMA_IDENTIFY ??= addOn; // made by `noema tool native`; empty: it is not used
process.env.NOEMA_INVOCATION = INVOCATION;

const isCommand = (name) => Object.hasOwn(COMMANDS, name ?? "");

/** Runs this launcher again under `node`, passing signals on, and exits as it exits; killed, it takes it along. */
function runUnder(node) {
  const child = spawn(node, [DISABLE_SIGUSR1, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: LIFELINE.stdio,
    env: { ...process.env, ...LIFELINE.env },
  });
  child.stdio.at(-1)?.on("error", () => {}); // it ended first
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(signal ? reportEnd(signal) : code));
}

/** A command's module. */
async function load(name) {
  const { file, unbundled } = COMMANDS[name];
  if (unbundled || process.env.NOEMA_UNBUNDLED === "1") return import(`${root}${file}`);
  const { bundled } = await import("./bundle.mjs");
  return bundled(name);
}

/** Resolves with an exit code; undefined where a child goes on and its end is ours. */
async function main(argv) {
  const node = fittingNode();
  if (node !== process.execPath) return runUnder(node);
  const [name, ...args] = argv[0] === "help" ? [...argv.slice(1), "--help"] : argv;
  if (isCommand(name)) return perform(name, await load(name), args, root);
  const { index, versionText } = await import("./index.mjs");
  if (name !== "--version" && name !== "-V") return perform("", { command: index }, argv.length === 0 ? [] : [name], root);
  process.stdout.write(`${versionText(root)}\n`);
  return 0;
}

const name = isCommand(process.argv[2]) ? process.argv[2] : "";
guard(name);
holdLifeline();
try {
  const code = await main(process.argv.slice(2));
  if (code) process.exit(code); // whatever a command that failed has left open
} catch (error) {
  report(name, error);
  process.exit(FAILED);
}
