/**
 * A project of somebody else (`shim/`), whose tests run in the simulators of Foundry and of Hardhat: `@noema/contracts` is installed
 * from the tarball of `npm pack`, a model's answers are recorded, and neither tool asks a node. That the recorded answers are the
 * chain's is asked of the node beside it.
 */
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decodeLabelledDigits } from "@noema/precompiles/heldout-digits";
import { npmCommand } from "../../../tools/testing/npm.ts";
import { runCommand } from "../../harness/run-command.ts";
import { foundryTool, here, type RunningNode, rpc, toolEnv } from "../nodes.ts";
import { everyStep, type Scenario } from "../scenario.ts";
import { expect } from "../steps.ts";

const root = join(here, "../..");
const modules = join(here, "node_modules");
const TIMEOUT_MS = 600_000; // Hardhat compiles with solc in WebAssembly
const INFER = `0x${"0a01".padStart(40, "0")}`;
/** Tests of each kind in `shim/test`. */
const TESTS = 3;

export const simulatorsScenario: Scenario = {
  name: "shim in forge test and hardhat test",
  only: "noema-1",
  async run(node, steps) {
    const project = join(node.folder, "somebody", "project");
    const step = (name: string, run: () => Promise<void>) => steps.step(name, run, TIMEOUT_MS);
    await step("npm pack, npm install", () => createProject(node, project));
    await step("noema model run --record", () => record(project));
    await step("forge test", async () => {
      const output = await run(node, project, foundryTool("forge"), "test", "--offline", "--use", join(here, "solc.mjs"));
      expect(output.includes(`${TESTS} tests passed, 0 failed`), () => lastOf(output));
    });
    for (const kind of ["nodejs", "solidity"])
      await step(`hardhat test ${kind}`, async () => {
        const output = await run(node, project, process.execPath, join(modules, "hardhat/dist/src/cli.js"), "test", kind);
        expect(output.includes(`${TESTS} passing`) && !output.includes("failing"), () => lastOf(output));
      });
    await step("the chain answers as recorded", async () => {
      const { model, inputs, outputs } = JSON.parse(readFileSync(join(project, "test/digits.json"), "utf8"));
      for (const [i, input] of inputs.entries()) {
        const answer = await rpc<string>(node.url, "eth_call", { to: INFER, data: model + input.slice(2) }, "latest");
        expect(answer === outputs[i], () => `${answer} where ${outputs[i]} was recorded`);
      }
    });
  },
  judge: everyStep,
};

/** Tools are found in the folder above, the package in the project's own. */
async function createProject(node: RunningNode, project: string): Promise<void> {
  cpSync(join(here, "shim"), project, { recursive: true });
  symlinkSync(modules, join(project, "../node_modules"));
  const config = join(project, "hardhat.config.ts");
  const compiler = JSON.stringify(join(modules, "solc/soljson.js"));
  writeFileSync(
    config,
    readFileSync(config, "utf8").replace(/version: "[^"]+",/, (version) => `${version} path: ${compiler},`),
  );
  const packed = join(project, "../packed");
  mkdirSync(packed);
  const npm = ({ file, args }: ReturnType<typeof npmCommand>, cwd: string) => run(node, cwd, file, ...args);
  const listed = await npm(npmCommand("pack", "--json", "--pack-destination", packed), join(root, "precompiles/contracts"));
  const [{ filename }] = JSON.parse(listed.slice(listed.indexOf("["), listed.lastIndexOf("]") + 1)) as [{ filename: string }];
  await npm(npmCommand("install", "--offline", "--no-audit", "--no-fund", join(packed, filename)), project);
}

/** A three and an eight. */
async function record(project: string): Promise<void> {
  const digits = decodeLabelledDigits(readFileSync(join(root, "precompiles/models/digits-heldout.bin")));
  const inputs = join(project, "test/digits.bin");
  writeFileSync(inputs, Buffer.concat([3, 8].map((label) => digits.find((x) => x.label === label)!.input)));
  const model = join(root, "precompiles/models/digits.nmodel");
  const args = ["model", "run", model, "--input", inputs, "--record", join(project, "test/digits.json")];
  const { code, stderr } = await runCommand(process.execPath, [join(root, "bin/noema.mjs"), ...args], { timeoutMs: TIMEOUT_MS });
  expect(code === 0, () => stderr);
}

async function run(node: RunningNode, cwd: string, file: string, ...args: string[]): Promise<string> {
  const { stdout, stderr, code } = await runCommand(file, args, { cwd, env: toolEnv(node.folder), timeoutMs: TIMEOUT_MS });
  expect(code === 0, () => lastOf(stdout + stderr));
  return stdout + stderr;
}

const lastOf = (output: string) => output.trim().split("\n").slice(-3).join(" / ");
