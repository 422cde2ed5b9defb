/** Runs one case of Ethereum's GeneralStateTests format through the reference engine, our state and our trie. */
import { blockNumber } from "@noema/core/block-number";
import { bigIntToBytes, fromHex, to0x, toHex } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { createMemoryStore } from "@noema/core/testing/memory-store";
import type { BlockEnv, ExecutionEngine } from "../src/engine/engine.ts";
import { createReferenceEngine } from "../src/engine/reference/engine.ts";
import { genesisAccounts } from "../src/genesis.ts";
import { rlpEncode } from "../src/rlp/encode.ts";
import { commitDiff } from "../src/state/commit.ts";
import { createFlatState } from "../src/state/reader.ts";
import { createRoots } from "../src/state/roots.ts";
import { EMPTY_ROOT } from "../src/trie/node.ts";

type Hex = string;
type Account = { balance: Hex; nonce: Hex; code: Hex; storage: Record<Hex, Hex> };
type Post = { hash: Hex; logs: Hex; txbytes: Hex; expectException?: string };
export type StateTest = { env: Record<string, Hex>; pre: Record<Hex, Account>; post: Record<string, Post[]> };

/** Names of forks in the test files and in @ethereumjs/common. */
export const TEST_FORKS: Record<string, string> = {
  Berlin: "berlin",
  London: "london",
  Paris: "paris",
  Merge: "paris",
  Shanghai: "shanghai",
  Cancun: "cancun",
  Prague: "prague",
  Osaka: "osaka",
};

const engines = new Map<string, Promise<ExecutionEngine>>();
const NO_PRECOMPILES = { precompiles: [], beginBlock: () => undefined, beginTx: () => ({ units: 0, warm: new Set<string>() }) };

function engineOf(fork: string): Promise<ExecutionEngine> {
  const engine = engines.get(fork) ?? createReferenceEngine({ fork, chainId: 1, precompiles: NO_PRECOMPILES });
  engines.set(fork, engine);
  return engine;
}

/** What differs from the expected result; undefined when nothing does. */
export async function runCase(test: StateTest, fork: string, post: Post): Promise<string | undefined> {
  const engine = await engineOf(fork);
  const kv = createMemoryStore();
  let snapshot = kv.snapshot();
  const pre = commitDiff(snapshot, createRoots(EMPTY_ROOT), 0, genesisAccounts(test.pre));
  snapshot.close();
  await kv.write(pre.ops, true);
  snapshot = kv.snapshot();
  const outcome = await engine.executeBlock(createFlatState(snapshot, 0, 0), envOf(test.env, fork), [fromHex(post.txbytes)]);
  const { stateRoot } = commitDiff(snapshot, createRoots(pre.stateRoot), 1, outcome.diff);
  snapshot.close();
  const logs = outcome.executed.flatMap((tx) => tx.logs).map((log) => [log.address, log.topics, log.data]);
  const skipped = outcome.skipped[0]?.code;
  if (post.expectException !== undefined && skipped === undefined) return `ran where ${post.expectException} is expected`;
  if (to0x(stateRoot) !== post.hash) return `state root ${to0x(stateRoot)}, not ${post.hash}${skipped ? `, ${skipped}` : ""}`;
  const logsHash = toHex(keccak256(rlpEncode(logs)));
  return `0x${logsHash}` === post.logs ? undefined : `logs hash 0x${logsHash}, not ${post.logs}`;
}

function envOf(env: Record<string, Hex>, fork: string): BlockEnv {
  const int = (name: string) => (env[name] === undefined ? undefined : BigInt(env[name]));
  const excessBlobGas = int("currentExcessBlobGas") ?? 0n;
  const difficulty = int("currentDifficulty") ?? 0n;
  const random: Bytes = env.currentRandom ? bigIntToBytes(BigInt(env.currentRandom), 32) : bigIntToBytes(difficulty, 32);
  return {
    number: blockNumber(Number(int("currentNumber") ?? 1n)),
    height: 1,
    timestamp: int("currentTimestamp") ?? 0n,
    coinbase: fromHex(env.currentCoinbase as Hex, 20),
    prevRandao: random,
    gasLimit: int("currentGasLimit") ?? 0n,
    baseFeePerGas: fork === "berlin" ? undefined : (int("currentBaseFee") ?? 10n),
    excessBlobGas,
    difficulty,
    // The state tests' convention: hash of block n is keccak256 of its decimal digits.
    blockHash: (height) => keccak256(new TextEncoder().encode(String(height))),
  };
}
