/** `noema` itself: what there is, for whom, and what was meant. */
import { execFileSync } from "node:child_process";
import { Command } from "commander";
import { COMMANDS } from "./commands.mjs";
import { INVOCATION, isClone, root, version } from "./installation.mjs";

export function versionText() {
  return `noema ${version()} (${commit()}Node ${process.versions.node}, ${process.platform}-${process.arch})`;
}

/** Of a clone. */
function commit() {
  if (!isClone) return "";
  try {
    const stdio = ["ignore", "pipe", "ignore"];
    return `commit ${execFileSync("git", ["-C", root, "rev-parse", "--short", "HEAD"], { encoding: "utf8", stdio }).trim()}, `;
  } catch {
    return ""; // no git, or no history
  }
}

export function index() {
  const program = new Command()
    .usage("<command> [options]")
    .description("A modular AI blockchain: consensus, an EVM that calls neural networks, and data availability.")
    .option("-V, --version", "print version, commit and Node")
    .helpCommand(false)
    .addHelpText(
      "after",
      `\nExit codes: 0 done, 1 failed, 2 wrong usage, 128 + n ended by signal n.\n${INVOCATION} COMMAND --help lists what a command takes.`,
    );
  for (const [name, { group, about }] of Object.entries(COMMANDS))
    program.command(name).summary(about).usage("[options]").helpGroup(`${group}:`);
  return program;
}
