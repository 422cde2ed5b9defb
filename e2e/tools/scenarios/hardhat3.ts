/**
 * Hardhat 3's two templates as its npm package has them. Touched: the network's address and a local compiler in
 * hardhat.config.ts; left out: the Solidity unit test, which never asks a network and needs forge-std from GitHub.
 */
import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../../harness/run-command.ts";
import { here, type RunningNode, toolEnv } from "../nodes.ts";
import { everyStep, type Scenario } from "../scenario.ts";
import type { Steps } from "../steps.ts";

const modules = join(here, "node_modules");
const TIMEOUT_MS = 180_000;

/** The template's tests by `hardhat test`, then its deployment by Ignition, as its README says. */
function template(name: string, folder: string, runner: string): Scenario {
  return {
    name: `Hardhat 3, ${name}`,
    async run(node, steps) {
      const project = createProject(node, folder);
      const hardhat = (...args: string[]) => runHardhat(node, project, [...args, "--network", "devnet"]);
      countTests(await hardhat("test", runner), steps);
      await steps.step(
        "ignition deploy",
        async () => {
          const output = await hardhat("ignition", "deploy", "ignition/modules/Counter.ts");
          if (!output.includes("successfully deployed")) throw new Error(complaint(output));
        },
        TIMEOUT_MS,
      );
    },
    judge: everyStep,
  };
}

function createProject(node: RunningNode, folder: string): string {
  const project = join(node.folder, folder);
  cpSync(join(modules, "hardhat/templates", folder), project, { recursive: true, filter: (path) => !path.endsWith(".t.sol") });
  symlinkSync(modules, join(project, "node_modules"));
  const config = join(project, "hardhat.config.ts");
  const compiler = JSON.stringify(join(modules, "solc/soljson.js"));
  const touched = readFileSync(config, "utf8")
    .replaceAll(/version: "[^"]+",/g, (version) => `${version} path: ${compiler},`)
    .replace("networks: {", `networks: { devnet: { type: "http", url: "${node.url}" },`);
  writeFileSync(config, touched);
  return project;
}

async function runHardhat(node: RunningNode, cwd: string, args: string[]): Promise<string> {
  const cli = join(modules, "hardhat/dist/src/cli.js");
  const { stdout, stderr } = await runCommand(process.execPath, [cli, ...args], { cwd, env: toolEnv(node.folder), timeoutMs: TIMEOUT_MS });
  return stdout + stderr;
}

/** Both runners end with mocha's lines: "2 passing (754ms)", "1 failing", and the failures one after the other. */
function countTests(output: string, steps: Steps): void {
  const passing = /(\d+) passing \((?:(\d+)ms|(\d+)s|(\d+)m)\)/.exec(output);
  const failing = Number(/(\d+) failing/.exec(output)?.[1] ?? 0);
  const passed = Number(passing?.[1] ?? 0);
  for (let i = 0; i < passed; i++) steps.pass();
  if (passing !== null) steps.fact(passing[0]);
  const reasons = [...output.matchAll(/^\s*(\w*Error.*|.*reverted.*)$/gm)].map((x) => x[1] as string);
  for (let i = 0; i < failing; i++) steps.fail("test", reasons[i] ?? complaint(output));
  if (passed + failing === 0) steps.fail("hardhat test", complaint(output));
}

/** What it complained of, or where it stood when its time was over. */
function complaint(output: string): string {
  return /^.*Error.*$/m.exec(output)?.[0].trim() ?? output.trim().split("\n").slice(-3).join(" / ");
}

export const hardhat3Scenarios = [
  template("mocha and ethers", "02-mocha-ethers", "mocha"),
  template("node:test and viem", "01-node-test-runner-viem", "nodejs"),
];
