#!/usr/bin/env node
// The launcher: plain JavaScript, so that any Node can read it. Finds Node 24, bundles the sources once (importing the
// whole stack file by file costs seconds, four times over in a devnet), and dispatches to a command by path.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const NODE_MAJOR = 24;
const root = fileURLToPath(new URL("..", import.meta.url));

/** Name -> entry file; the bundle has one output for each. */
const commands = {
  devnet: "devnet/src/main.ts",
  demo: "devnet/src/demo/main.ts",
  validator: "devnet/src/validator.ts",
  da: "node/src/cli/da.ts",
};
/** Run from the sources. */
const sourceCommands = {
  sim: "consensus/src/sim/main.ts",
  bench: "bench/src/main.ts",
  test: "tools/test.ts",
  "test-tools": "e2e/tools/main.ts",
};

function fail(message) {
  process.stderr.write(`noema: ${message}\n`);
  process.exit(1);
}

function bundledNode() {
  const path = `${root}node_modules/node-${process.platform}-${process.arch}/bin/node`;
  return existsSync(path) ? path : undefined;
}

/** Runs this launcher again under `node`, passing signals on, and exits as it exits. */
function runUnder(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(signal ? 128 : (code ?? 1)));
}

async function main() {
  const [name] = process.argv.slice(2);
  const file = commands[name] ?? sourceCommands[name];
  if (file === undefined) {
    const known = [...Object.keys(commands), ...Object.keys(sourceCommands)].join(", ");
    fail(`${name === undefined ? "no command" : `unknown command "${name}"`}; there are: ${known}`);
  }
  if (Number(process.versions.node.split(".")[0]) < NODE_MAJOR) {
    const node = bundledNode();
    if (node === undefined)
      fail(
        `Node ${process.versions.node} is too old: install Node ${NODE_MAJOR} or newer (on Linux x64 and arm64, \`npm ci\` brings it along)`,
      );
    return runUnder(node);
  }
  process.argv.splice(1, 2, file);
  if (name in sourceCommands || process.env.NOEMA_UNBUNDLED === "1") return import(`${root}${file}`);
  const { bundle } = await import("./bundle.mjs");
  return import(bundle(root, commands, name));
}

await main();
