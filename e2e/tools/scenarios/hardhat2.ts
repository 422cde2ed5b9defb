/** Hardhat 2 with hardhat-deploy and OpenZeppelin's upgrades, which keep in files what they have deployed where. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { placeCompiler } from "../local-compiler.ts";
import { type RunningNode, rpc, toolEnv } from "../nodes.ts";
import { createProject, runScript } from "../project.ts";
import { everyStep, type Scenario } from "../scenario.ts";
import { expect, type Steps } from "../steps.ts";

const HOUR = 3_600_000; // ended by the tool's own limit
const TESTS = 5;

type Hardhat = (args: readonly string[], variables?: NodeJS.ProcessEnv) => Promise<string>;

export const hardhat2Scenario: Scenario = {
  name: "Hardhat 2, hardhat-deploy and upgrades",
  async run(node, steps) {
    const project = await createProject(node, "hardhat2");
    placeCompiler(toolEnv(node.folder).XDG_CACHE_HOME as string, join(project, "node_modules/solc"));
    const hardhat: Hardhat = (args, variables) =>
      runScript(node, project, "node_modules/hardhat/internal/cli/cli.js", ["--network", "devnet", ...args], {
        TMPDIR: node.folder,
        ...variables,
      });
    await steps.step("compile", () => hardhat(["compile"]), HOUR);
    await steps.step(
      "test",
      async () => {
        const output = await hardhat(["test"]);
        expect(output.includes(`${TESTS} passing`) && !output.includes("failing"), () => output.trim().split("\n").slice(-3).join(" / "));
      },
      HOUR,
    );
    await deployTwice(node, project, hardhat, [], steps);
    await upgrade("", hardhat, steps);
    await steps.step("a fresh start", () => node.startFresh());
    await deployTwice(node, project, hardhat, ["--reset"], steps);
    await upgrade(" on the fresh chain", hardhat, steps);
    await steps.step("nothing of a development chain in the project", async () =>
      expect(!existsSync(join(project, ".openzeppelin")), () => ".openzeppelin is there"),
    );
  },
  judge: everyStep,
};

/** The first makes it, the second finds it. */
async function deployTwice(node: RunningNode, project: string, hardhat: Hardhat, flags: readonly string[], steps: Steps): Promise<void> {
  await steps.step(
    `deploy ${flags.join(" ")}`,
    async () => {
      const output = await hardhat(["deploy", ...flags]);
      const { address } = JSON.parse(readFileSync(join(project, "deployments/devnet/Greeter.json"), "utf8")) as { address: string };
      expect(output.includes(`deployed at ${address}`), () => output);
      expect((await rpc<string>(node.url, "eth_getCode", address, "latest")).length > 2, () => `no code at ${address}`);
    },
    HOUR,
  );
  await steps.step("deploy again", async () => expect((await hardhat(["deploy"])).includes("reusing"), () => "deployed once more"), HOUR);
}

/** The manifest of one run is what the next one upgrades by. */
async function upgrade(where: string, hardhat: Hardhat, steps: Steps): Promise<void> {
  const run = async (variables?: NodeJS.ProcessEnv) => {
    const output = await hardhat(["run", "scripts/proxy.js"], variables);
    return JSON.parse(output.trim().split("\n").at(-1) as string) as { proxy: string; value: number };
  };
  const made = await steps.step(`deployProxy${where}`, () => run(), HOUR);
  if (made === undefined) return;
  await steps.step(
    `upgradeProxy${where}`,
    async () => {
      const { value } = await run({ PROXY: made.proxy });
      expect(made.value === 41 && value === 42, () => `${made.value}, then ${value}`);
    },
    HOUR,
  );
}
