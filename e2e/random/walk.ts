/** Goes a number of random steps, each held against the model and, where there is one, anvil. */
import type { SeededRandom } from "../harness/random.ts";
import { createChain } from "./model.ts";
import { checkAll, checkHead, type RpcBlock, readOf } from "./observe.ts";
import { choose } from "./steps.ts";
import { alignAnvil, fund } from "./ways-back.ts";
import { ask, goTo, type Net, type World } from "./world.ts";

/** Steps that are told of a failure. */
const TOLD = 12;

export type Walk = { steps: number; blocks: number; transactions: number; counts: Record<string, number> };

/** `anvil`: its URL. Throws what differed first, with the seed and the steps before it. */
export async function walk(net: Net, steps: number, random: SeededRandom, anvil?: string): Promise<Walk> {
  const world: World = {
    net,
    at: 0,
    anvil,
    random,
    chain: createChain({ baseFee: 0n, gasUsed: 0n, gasLimit: 0n, coinbase: "0x", timestamp: 0n, hash: "0x", stateRoot: "0x", mined: [] }),
    auto: true,
    impersonated: false,
    everybody: false,
    snapshots: [],
    restarts: 0,
    hashes: new Set(),
  };
  const genesis = await ask<RpcBlock>(world, "eth_getBlockByNumber", "latest", false);
  world.chain = createChain({ ...readOf(genesis), mined: [] });
  const told: string[] = [];
  const counts: Record<string, number> = {};
  try {
    await fund(world);
    await alignAnvil(world);
    for (let i = 1; i <= steps; i++) {
      const step = choose(world);
      told.push(`${i} ${step.name} (block ${world.chain.blocks.length - 1}, validator ${world.at})`);
      counts[step.name] = (counts[step.name] ?? 0) + 1;
      await step.run(world);
      await checkHead(world);
    }
    told.push("the end");
    await checkAll(world);
    for (const index of net.rpcUrls.keys()) if (index !== world.down) await goTo(world, index).then(() => checkAll(world));
  } catch (error) {
    throw new Error(`seed ${random.seed}: ${(error as Error).message}\n  ${told.slice(-TOLD).join("\n  ")}`, { cause: error });
  }
  return { steps, blocks: world.chain.blocks.length, transactions: world.hashes.size, counts };
}
