/** A chain in memory behind RpcDeps, for tests of the faces: blocks are given, nothing is executed. */
import type { Header } from "@noema/consensus/types";
import { blockNumber } from "@noema/core/block-number";
import { bigIntToBytes, bytesToBigInt, concatBytes, equalBytes, fromHex, to0x, utf8, ZERO_HASH } from "@noema/core/bytes";
import { keccak256, sha256 } from "@noema/core/hash";
import type { ExecResult } from "@noema/core/ports/application";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { DataLayer } from "@noema/core/ports/data";
import { bitmapOf } from "@noema/core/quorum";
import { headerType } from "@noema/core/types/header";
import { publicKeyAt } from "@noema/core/validator-index";
import { createValidatorSet } from "@noema/core/validator-set";
import type { ChainReads, ExecutedBlock } from "@noema/execution/api";
import { execError } from "@noema/execution/errors";
import type { Standing } from "@noema/execution/pool/standing";
import type { BlockRecord, LogRecord, ReceiptRecord, TransactionRecord } from "@noema/execution/records";
import { decodeTransaction } from "@noema/execution/transactions/decode";
import { txError } from "@noema/execution/transactions/errors";
import { createMetricsRegistry } from "../../metrics/registry.ts";
import type { ConsensusStatus, PooledTransaction, RpcDeps } from "../deps.ts";
import { ACCOUNT, CONTRACT, createBlock, createReceipt } from "./fake-blocks.ts";

const EMPTY = { nonce: 0n, balance: 0n, codeHash: keccak256(new Uint8Array()), storageRoot: ZERO_HASH };

type Mined = ExecutedBlock & { block: BlockRecord };

export type FakeChain = {
  deps: RpcDeps;
  /** Makes `latest` a block with these raw transactions, each of which emits one log. */
  mine(raws?: readonly Bytes[]): Mined;
  /** Tells of a height that takes the chain back to this block; what questions find stays as it is. */
  tellReverted(to: BlockRecord): void;
  logs: string[];
  status: { value: ConsensusStatus };
  pooled: Map<string, PooledTransaction>;
  /** Why they left the pool, by hash. */
  fates: Map<string, Standing>;
};

type Stored = { block: BlockRecord; txs: TransactionRecord[]; receipts: ReceiptRecord[] };

function createExecution(stored: Stored[]): ChainReads {
  const at = (height: number) => {
    const found = stored[height];
    if (found === undefined) throw execError("HEIGHT_UNKNOWN", `height ${height} is not executed`);
    return found;
  };
  const matches = (log: LogRecord, topics: readonly (Hash[] | null)[]) =>
    topics.every((choices, i) => choices === null || choices.some((t) => equalBytes(t, log.topics[i] ?? new Uint8Array())));
  const logs: ChainReads["logs"] = async ({ from, to, addresses, topics }) =>
    stored
      .slice(from, to + 1)
      .flatMap((x) => x.receipts.flatMap((r) => r.logs))
      .filter((l) => (addresses === undefined || addresses.some((a) => equalBytes(a, l.address))) && matches(l, topics ?? []));
  const service: Partial<ChainReads> = {
    block: async (id) => (typeof id === "number" ? stored[id] : stored.find((x) => equalBytes(x.block.hash, id)))?.block,
    headers: async (from, to) => stored.slice(from, to + 1).map((x) => x.block),
    transactions: async (height) => stored[height]?.txs ?? [],
    transaction: async (hash) => stored.flatMap((x) => x.txs).find((t) => equalBytes(t.hash, hash)),
    receipts: async (height) => stored[height]?.receipts ?? [],
    receipt: async (hash) => stored.flatMap((x) => x.receipts).find((r) => equalBytes(r.txHash, hash)),
    account: async (id, address) => {
      if (typeof id === "number") at(id);
      const sent = stored.slice(0, typeof id === "number" ? id + 1 : undefined).flatMap((x) => x.txs).length;
      return equalBytes(address, ACCOUNT.address) ? { ...EMPTY, balance: 10n ** 22n, nonce: BigInt(sent) } : EMPTY;
    },
    slot: async (_, __, key) => bytesToBigInt(key),
    code: async (_, address) => (equalBytes(address, CONTRACT) ? fromHex("0x6001") : new Uint8Array()),
    proof: async (_, __, keys) => ({
      account: EMPTY,
      accountProof: [fromHex("0xc0")],
      storage: keys.map((key) => ({ key, value: 5n, proof: [] })),
    }),
    logs,
    logChanges: async ({ after, upTo, ...filter }) => ({
      removed: [],
      added: await logs({ ...filter, from: blockNumber(Math.max(filter.from, after + 1)), to: blockNumber(Math.min(filter.to, upTo)) }),
    }),
    newBlocks: async ({ after, to, most }) =>
      stored
        .slice(after + 1, to + 1)
        .slice(-most)
        .map((x) => x.block),
    call: async (request) => {
      const first = request.data?.[0];
      if (first === 0xff) return { ok: false, output: revertData("no such digit"), gasUsed: 1n, error: "revert" };
      return first === 0xfe
        ? { ok: false, output: new Uint8Array(), gasUsed: 1n, error: "out of gas" }
        : { ok: true, output: fromHex("0x2a"), gasUsed: 1n };
    },
    estimateGas: async (request) => {
      if (request.data?.[0] === 0xff) throw execError("CALL_REVERTED", "reverted", { output: revertData("no such digit") });
      return 21_000n;
    },
    createAccessList: async () => ({ accessList: [{ address: CONTRACT, storageKeys: [ZERO_HASH] }], gasUsed: 21_000n }),
    nextBlock: async ({ timestampMs }) => {
      const { number, hash: parentHash, ...head } = (stored.at(-1) as Stored).block;
      const { coinbase, prevRandao, gasLimit, baseFeePerGas, excessBlobGas } = head;
      const kept = { coinbase, prevRandao, gasLimit, baseFeePerGas, excessBlobGas };
      return { ...kept, number: blockNumber(number + 1), parentHash, timestamp: BigInt(Math.floor(timestampMs / 1000)) };
    },
    feesAfter: async () => ({ baseFeePerGas: 1_000_000_000n, blobBaseFee: 1n }),
  };
  return service as ChainReads;
}

function resultOf({ height, number, hash, stateRoot, receiptsRoot, gasUsed }: BlockRecord): ExecResult {
  return { height, number, evmBlockHash: hash, stateRoot, receiptsRoot, gasUsed, skippedRoot: ZERO_HASH, systemRoot: ZERO_HASH };
}

/** Error(string) as Solidity encodes it. */
export function revertData(reason: string): Bytes {
  const text = utf8(reason);
  const padded = new Uint8Array(Math.ceil(text.length / 32) * 32);
  padded.set(text);
  return concatBytes(fromHex("0x08c379a0"), bigIntToBytes(32n, 32), bigIntToBytes(BigInt(text.length), 32), padded);
}

export function createFakeChain(o: { dev?: boolean; data?: DataLayer; sendWaitMs?: number } = {}): FakeChain {
  const stored: Stored[] = [{ block: createBlock(undefined, []), txs: [], receipts: [] }];
  const pooled = new Map<string, PooledTransaction>();
  const fates = new Map<string, Standing>();
  const [heads, added] = [new Set<(x: ExecutedBlock) => void>(), new Set<(x: PooledTransaction) => void>()];
  const members = [1, 2, 3, 4].map((i) => ({ publicKey: new Uint8Array(48).fill(i), weight: 1n, feeAddress: new Uint8Array(20).fill(i) }));
  const set = createValidatorSet(0, members);
  const status = {
    value: { epoch: 0, view: 9, leader: 1, finalizedHeight: 5, heardFrom: [0, 1, 2, 3], state: "synced", self: 0 } as ConsensusStatus,
  };
  const logs: string[] = [];
  const latest = () => blockNumber(stored.length - 1);
  const head = (number: number) => ({ height: number, number: blockNumber(number) });
  const on =
    <T>(listeners: Set<T>) =>
    (f: T) => {
      listeners.add(f);
      return () => void listeners.delete(f);
    };

  const execution = createExecution(stored);
  const record = (height: number) => {
    const block = (stored[height] as Stored).block;
    const exec = resultOf(block);
    const header: Header = { ...headerType.defaultValue(), view: height + 3, height: height + 3, proposer: 1, exec };
    const certificate = { epoch: 0, view: height + 3, bitmap: bitmapOf([0, 1, 3], 4), signature: new Uint8Array(96) };
    return { header, hash: headerType.hashTreeRoot(header), certificate, validators: set };
  };

  /** The account's nonce is the number of transactions so far; what is pooled follows it, or waits behind a gap. */
  const isNext = (pooledTx: PooledTransaction | undefined) =>
    pooledTx !== undefined && pooledTx.tx.nonce < BigInt(stored.flatMap((x) => x.txs).length + pooled.size);

  const gap = { code: "SKIP_NONCE_TOO_HIGH", message: "a nonce before it is missing" };
  function standing(found: PooledTransaction | undefined): Standing | undefined {
    if (found === undefined) return undefined;
    return isNext(found) ? { state: "pending", inFlight: false } : { state: "queued", inFlight: false, reason: gap };
  }

  async function add(raw: Bytes): Promise<Hash> {
    const tx = decodeTransaction(raw);
    const state = await execution.account(latest(), ACCOUNT.address);
    if (tx.nonce < state.nonce)
      throw txError("TX_NONCE_TOO_LOW", `nonce too low: ${tx.nonce}, the account has ${state.nonce}`, { nonce: tx.nonce });
    const entry = { tx, sender: ACCOUNT.address };
    pooled.set(to0x(tx.hash), entry);
    for (const f of added) f(entry);
    return tx.hash;
  }

  const deps: RpcDeps = {
    chainId: 31337,
    genesisHash: sha256(utf8("genesis")),
    fork: "osaka",
    history: 128,
    version: "noema/test",
    identity: "anvil",
    execution,
    pool: {
      addAll: async (raws) =>
        Promise.all(
          raws.map((raw) =>
            add(raw).then(
              (hash) => ({ hash }),
              (error) => ({ error }),
            ),
          ),
        ),
      get: (hash) => pooled.get(to0x(hash)),
      bySender: (sender, nonce) => [...pooled.values()].find((x) => equalBytes(x.sender, sender) && x.tx.nonce === nonce),
      pendingNonce: async (address) => (await execution.account(latest(), address)).nonce + BigInt(pooled.size),
      accounts: (addresses) => Promise.all(addresses.map((address) => execution.account(latest(), address))),
      content: () => ({ pending: [...pooled.values()], queued: [] }),
      status: () => ({ pending: pooled.size, queued: 0 }),
      next: () => ({ version: pooled.size, transactions: [...pooled.values()] }),
      standing: (hash) => fates.get(to0x(hash)) ?? standing(pooled.get(to0x(hash))),
      drop: async (hashes) => hashes.filter((hash) => pooled.delete(to0x(hash))),
      stalled: (hashes) => hashes.filter((hash) => !isNext(pooled.get(to0x(hash)))),
      onAdded: on(added),
    },
    chain: {
      tags: () => ({ latest: head(latest()), safe: head(latest()), finalized: head(Math.max(0, latest() - 1)) }),
      nextFees: () => ({ baseFeePerGas: 1_000_000_000n, blobBaseFee: 1n }),
      controls: () => undefined,
      onHead: on(heads),
      finality: async (height) => (height < latest() ? record(height) : undefined),
      certificate: async (height) => record(height),
      validators: () => set,
      rpcUrl: (i) => (i === 0 ? "http://127.0.0.1:8545" : undefined),
      status: () => status.value,
    },
    net: {
      addresses: () => ["/ip4/127.0.0.1/tcp/1/p2p/own"],
      peers: () => [{ id: "peer", publicKey: publicKeyAt(set, 1) }],
      unreachable: () => [],
    },
    models: {
      list: () => [
        {
          id: sha256(utf8("digits")),
          name: "digits",
          description: "handwritten digits",
          inputBytes: 784,
          outputBytes: 10,
          macs: 1000n,
          gas: 5000n,
          input: { dtype: "int8", shape: [28, 28, 1], encoding: "28 rows" },
          output: { dtype: "int8", shape: [10], labels: [..."0123456789"] },
        },
      ],
    },
    data: o.data,
    maxObjectBytes: 100_000,
    automine: true,
    sendWaitMs: o.sendWaitMs ?? 0,
    dev: o.dev === false ? undefined : { accounts: [ACCOUNT] },
    operations: o.dev === false ? undefined : { submit: async () => ({ outcome: 0 }) },
    clock: { nowMs: () => 1_700_000_100_000, after: () => () => undefined },
    logger: { log: (level, message) => void logs.push(`${level} ${message}`) },
    metrics: createMetricsRegistry(),
  };

  function mine(raws: readonly Bytes[] = [...pooled.values()].map((x) => x.tx.raw)): Mined {
    pooled.clear();
    const hashes = raws.map((raw) => keccak256(raw));
    const block = createBlock((stored.at(-1) as Stored).block, hashes);
    const where = (index: number) => ({
      number: block.number,
      hash: block.hash,
      index,
      baseFeePerGas: block.baseFeePerGas,
      timestamp: block.timestamp,
    });
    const txs = raws.map((raw, i) => ({ hash: hashes[i] as Hash, raw, sender: ACCOUNT.address, block: where(i) }));
    const receipts = raws.map((raw, i) => createReceipt(block, hashes[i] as Hash, raw, i));
    stored.push({ block, txs, receipts });
    const result = resultOf(block);
    const nextFees = { baseFeePerGas: 1_000_000_000n, blobBaseFee: 1n };
    const shown = receipts.length > 20 ? [] : receipts;
    const told = { quiet: 0, txs: raws.length, failed: 0, included: concatBytes(...hashes), shown, skipped: [] };
    const executed = { ...told, result, block, operations: [], touched: new Uint8Array(0), nextFees };
    for (const f of heads) f(executed);
    return executed;
  }

  function tellReverted(head: BlockRecord): void {
    const reverted = { to: "genesis" as const, head };
    const result = { ...resultOf(head), height: stored.length };
    const nothing = { txs: 0, failed: 0, quiet: 0, included: new Uint8Array(0), shown: [], skipped: [], operations: [] };
    const nextFees = { baseFeePerGas: 1_000_000_000n, blobBaseFee: 1n };
    for (const f of heads) f({ ...nothing, touched: new Uint8Array(0), result, reverted, nextFees });
  }

  return { deps, mine, tellReverted, logs, status, pooled, fates };
}
