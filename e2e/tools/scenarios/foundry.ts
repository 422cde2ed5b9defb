/** cast and forge at their defaults, and a compiler of npm's. */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../../harness/run-command.ts";
import { address, privateKey } from "../accounts.ts";
import { cast, foundryTool, here, type RunningNode, toolEnv } from "../nodes.ts";
import { everyStep, type Scenario } from "../scenario.ts";
import { DEADLINE_MS, expect } from "../steps.ts";

const CREATE2_DEPLOYER = "0x4e59b44847b379578588920cA78FbF26c0B4956C";
const MULTICALL3 = "0xcA11bde05977b3631167028862bE2a173976CA11";

export const castScenario: Scenario = {
  name: "cast",
  async run(node, steps) {
    const key = privateKey(4);
    const to = address(9);
    let hash = "";
    await steps.step("send", async () => {
      hash = JSON.parse(await cast(node, "send", to, "--value", "1", "--private-key", key, "--json")).transactionHash;
    });
    await steps.step("send --unlocked", () => cast(node, "send", to, "--value", "1", "--from", address(4), "--unlocked"));
    await steps.step("receipt", () => cast(node, "receipt", hash));
    await steps.step("tx", () => cast(node, "tx", hash));
    for (const tag of ["latest", "pending", "finalized", "earliest"]) await steps.step(`block ${tag}`, () => cast(node, "block", tag));
    await steps.step("estimate", async () => {
      const gas = await cast(node, "estimate", to, "--value", "1", "--from", address(4));
      expect(gas.trim() === "21000", () => `${gas.trim()} for a transfer`);
    });
    await steps.step("proof", () => cast(node, "proof", to, "0x0"));
    await steps.step("logs", () => cast(node, "logs", "--from-block", "0", "--to-block", "latest", "Transfer(address,address,uint256)"));
    await steps.step("access-list", () => cast(node, "access-list", to, "--from", address(4)));
    await steps.step("code of the CREATE2 deployer", async () =>
      expect((await cast(node, "code", CREATE2_DEPLOYER)).length > 10, () => "none"),
    );
    await steps.step("code of Multicall3", async () => expect((await cast(node, "code", MULTICALL3)).length > 10, () => "none"));
  },
  judge: everyStep,
};

/** Compiled by npm's solc: foundry would fetch a native one from the net. */
async function forge(node: RunningNode, cwd: string, ...args: string[]): Promise<void> {
  const compiler = ["--offline", "--use", join(here, "solc.mjs")];
  const { code, stdout, stderr } = await runCommand(foundryTool("forge"), [...args, ...compiler, "--rpc-url", node.url], {
    cwd,
    env: toolEnv(node.folder),
    timeoutMs: DEADLINE_MS,
  });
  if (code !== 0) throw new Error(/Error: (.*)/.exec(stdout + stderr)?.[1] ?? `exit code ${code}`);
}

export const forgeScenario: Scenario = {
  name: "forge",
  async run(node, steps) {
    const project = join(node.folder, "forge");
    cpSync(join(here, "forge"), project, { recursive: true });
    const key = ["--private-key", privateKey(5)];
    await steps.step("script with a salt", () => forge(node, project, "script", "script/Deploy.s.sol", "--broadcast", ...key));
    await steps.step("create", () => forge(node, project, "create", "src/Box.sol:Box", "--broadcast", ...key));
  },
  judge: everyStep,
};
