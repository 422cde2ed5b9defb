/** Opens the state: writes genesis into an empty store, refuses one of another chain. */
import { blockNumber } from "@noema/core/block-number";
import { equalBytes, fromHex, to0x, ZERO_HASH } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Hash } from "@noema/core/ports/bytes";
import { BLOOM_BYTES } from "../blocks/bloom.ts";
import { encodeHeader, type Header } from "../blocks/header.ts";
import { foundingOps, type Head, heightOps, readGenesis, readHead } from "../blocks/store.ts";
import { execError } from "../errors.ts";
import { genesisDiff } from "../genesis.ts";
import type { ExecutionGenesis } from "../options.ts";
import { commitDiff } from "../state/commit.ts";
import { createRoots } from "../state/roots.ts";
import { EMPTY_ROOT } from "../trie/node.ts";
import type { Writing } from "./context.ts";

/** The last durable block. Throws EXEC_WRONG_CHAIN, EXEC_STORE_FORMAT. */
export async function openState(context: Writing, section: ExecutionGenesis): Promise<Head> {
  const snapshot = context.kv.snapshot();
  try {
    const known = readGenesis(snapshot);
    if (known !== undefined && !equalBytes(known, context.genesisHash))
      throw execError("EXEC_WRONG_CHAIN", `the store holds the chain ${to0x(known)}, not ${to0x(context.genesisHash)}`);
    const head = readHead(snapshot);
    if (head !== undefined) return head;
    const { ops, stateRoot } = commitDiff(snapshot, createRoots(EMPTY_ROOT), 0, genesisDiff(section, context.genesis.dev));
    const header = genesisHeader(context, section, stateRoot);
    const headerRlp = encodeHeader(header, context.genesis.fork);
    const block = { height: 0, index: 0, header, headerRlp, hash: keccak256(headerRlp) };
    const stored = { height: 0, number: header.number, newest: 0, stateRoot, skippedRoot: ZERO_HASH, systemRoot: ZERO_HASH, block };
    ops.push(...heightOps(stored, [], 0), ...foundingOps(context.genesisHash));
    await context.kv.write(ops, true);
    return { height: 0, number: header.number, stateRoot, oldest: 0 };
  } finally {
    snapshot.close();
  }
}

/** mixHash is genesisHash, so that chains that differ in anything have different genesis blocks. */
function genesisHeader({ genesis, genesisHash }: Writing, section: ExecutionGenesis, stateRoot: Hash): Header {
  return {
    parentHash: ZERO_HASH,
    coinbase: new Uint8Array(20),
    stateRoot,
    transactionsRoot: EMPTY_ROOT,
    receiptsRoot: EMPTY_ROOT,
    logsBloom: new Uint8Array(BLOOM_BYTES),
    number: blockNumber(0),
    gasLimit: section.gasLimit,
    gasUsed: 0n,
    timestamp: BigInt(Math.floor(genesis.timestampMs / 1000)),
    extraData: fromHex(section.extraData),
    prevRandao: genesisHash,
    baseFeePerGas: section.baseFeePerGas,
    blobGasUsed: 0n,
    excessBlobGas: 0n,
    parentBeaconBlockRoot: ZERO_HASH,
  };
}
