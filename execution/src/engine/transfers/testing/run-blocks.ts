/** Runs random blocks by an engine and by a model of it. */
import { createMemoryStore } from "@noema/core/testing/memory-store";
import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { commitDiff } from "../../../state/commit.ts";
import { createFlatState } from "../../../state/reader.ts";
import { createRoots } from "../../../state/roots.ts";
import { echoPrecompiles } from "../../../testing/chain.ts";
import { EMPTY_ROOT } from "../../../trie/node.ts";
import { createReferenceEngine, type EngineOptions } from "../../reference/engine.ts";
import { outcomeDifference } from "../../shadow.ts";
import type { runTransfer } from "../transfer.ts";
import { CHAIN, randomBlocks } from "./random-blocks.ts";

export type Ways = { blocks: number; perBlock: number; transfers: typeof runTransfer };
export type Compared = { difference?: string; included: number; skipped: Map<string, number> };

/** One chain of blocks of a fork. `transfers` against the library. */
export async function compareTransfers(fork: string, seed: string, { blocks, perBlock, transfers }: Ways): Promise<Compared> {
  const engineOf = (how: Partial<EngineOptions>) =>
    createReferenceEngine({ fork, chainId: Number(CHAIN), precompiles: echoPrecompiles(), ...how });
  const [ours, model] = [await engineOf({ transfers }), await engineOf({ model: true })];
  const kv = createMemoryStore();
  const compared: Compared = { included: 0, skipped: new Map() };
  let root = EMPTY_ROOT;
  for (const { env, txs } of randomBlocks(createSeededRandom(seed), fork, blocks, perBlock)) {
    const snapshot = kv.snapshot();
    const state = createFlatState(snapshot, env.height - 1, env.height - 1);
    const outcome = await ours.executeBlock(state, env, txs);
    compared.difference = outcomeDifference(outcome, await model.executeBlock(state, env, txs));
    if (compared.difference !== undefined) return compared;
    const { ops, stateRoot } = commitDiff(snapshot, createRoots(root), env.height, outcome.diff);
    snapshot.close();
    await kv.write(ops, true);
    root = stateRoot;
    compared.included += outcome.executed.length;
    for (const { code } of outcome.skipped) compared.skipped.set(code, (compared.skipped.get(code) ?? 0) + 1);
  }
  return compared;
}
