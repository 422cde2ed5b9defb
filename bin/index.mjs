/** `noema` itself: what there is, for whom, and what was meant. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { COMMANDS } from "./commands.mjs";
import { INVOCATION } from "./perform.mjs";

export function versionText(root) {
  const { version } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
  return `noema ${version} (${commit(root)}Node ${process.versions.node}, ${process.platform}-${process.arch})`;
}

function commit(root) {
  try {
    const stdio = ["ignore", "pipe", "ignore"];
    return `commit ${execFileSync("git", ["-C", root, "rev-parse", "--short", "HEAD"], { encoding: "utf8", stdio }).trim()}, `;
  } catch {
    return ""; // no git, or no clone
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
