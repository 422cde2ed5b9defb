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

/** Compiled by npm's solc: foundry would fetch a native one from the net. Resolves with what it printed. */
async function forge(node: RunningNode, cwd: string, args: readonly string[], variables: Record<string, string> = {}): Promise<string> {
  const compiler = ["--offline", "--use", join(here, "solc.mjs")];
  const { code, stdout, stderr } = await runCommand(foundryTool("forge"), [...args, ...compiler, "--rpc-url", node.url], {
    cwd,
    env: { ...toolEnv(node.folder), ...variables },
    timeoutMs: DEADLINE_MS,
  });
  if (code !== 0) throw new Error(/Error: (.*)/.exec(stdout + stderr)?.[1] ?? `exit code ${code}: ${stdout.trim().split("\n").at(-1)}`);
  return stdout;
}

/** Its address, and the transaction that made it. */
function deployedBy(output: string): { at: string; hash: string } {
  const find = (label: string) => new RegExp(`${label}: (0x[0-9a-fA-F]+)`).exec(output)?.[1] as string;
  return { at: find("Deployed to"), hash: find("Transaction hash") };
}

export const forgeScenario: Scenario = {
  name: "forge",
  async run(node, steps) {
    const project = join(node.folder, "forge");
    cpSync(join(here, "forge"), project, { recursive: true });
    const key = ["--private-key", privateKey(5)];
    await steps.step("script with a salt", () => forge(node, project, ["script", "script/Deploy.s.sol", "--broadcast", ...key]));
    await steps.step("create", () => forge(node, project, ["create", "src/Box.sol:Box", "--broadcast", ...key]));
    const counter = await steps.step("create the template's counter", async () =>
      deployedBy(await forge(node, project, ["create", "src/Counter.sol:Counter", "--broadcast", ...key])),
    );
    if (counter === undefined) return;
    await steps.step("cast send, cast call", async () => {
      await cast(node, "send", counter.at, "setNumber(uint256)", "41", ...key);
      const number = await cast(node, "call", counter.at, "number()(uint256)");
      expect(number.trim() === "41", () => `${number.trim()}, not 41`);
    });
    await steps.step("forge test on a fork of it", async () => {
      const output = await forge(node, project, ["test"], { DEPLOYED: counter.at, DEPLOYED_NUMBER: "41" });
      expect(output.includes("3 tests passed, 0 failed"), () => output.trim().split("\n").slice(-2).join(" / "));
    });
    await steps.step("cast run", async () => {
      const trace = await cast(node, "run", counter.hash);
      expect(trace.includes("Transaction successfully executed"), () => trace.trim().split("\n").at(-1) as string);
    });
  },
  judge: everyStep,
};
