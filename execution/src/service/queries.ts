/** Reads of blocks and state. Each opens one snapshot; none waits for a block that executes. */
import { blockNumber } from "@noema/core/block-number";
import { bytesToBigInt } from "@noema/core/bytes";
import type { BlockNumber } from "@noema/core/ports/bytes";
import type { KvSnapshot } from "@noema/core/ports/kv-store";
import type { ChainReads } from "../api.ts";
import { readSummary, readTransactions } from "../blocks/bodies.ts";
import { blockOfHash, transactionOfHash } from "../blocks/find.ts";
import { findLogChanges, findLogs } from "../blocks/logs.ts";
import { changesOfChain, isCanonical } from "../blocks/numbers.ts";
import { quietBlock } from "../blocks/quiet.ts";
import { blockRecord, headerRecord, receiptRecord, transactionRecord } from "../blocks/records.ts";
import { readHeight, readHeights, type StoredBlock, type StoredHeight } from "../blocks/store.ts";
import { dumpPage } from "../dump/page.ts";
import type { AccountRecord, HeaderRecord } from "../records.ts";
import { EMPTY_ACCOUNT } from "../state/account.ts";
import { proveAccount } from "../state/proof.ts";
import type { FlatState } from "../state/reader.ts";
import { readNext } from "../system/controls.ts";
import type { Reading } from "./context.ts";
import { feesAfter, nextEnv, presumedInput } from "./next-env.ts";
import { withStateId } from "./next-state.ts";
import { readChanges } from "./outcome.ts";
import type { createRanges } from "./ranges.ts";
import { heightOf, newestBlock, readNumbered, stateAt, type View, withSnapshot, withState } from "./view.ts";

type Queries = Omit<ChainReads, keyof ReturnType<typeof createRanges> | "call" | "estimateGas" | "createAccessList" | "trace" | "simulate">;

export function createQueries(context: Reading): Queries {
  const { fork } = context.genesis;
  const numbered = ({ snapshot }: View, number: BlockNumber) => readNumbered(context, snapshot, number);
  return {
    account: (at, address) => withStateId(context, at, ({ state }) => accountOf(state, address)),
    accounts: (height, addresses) => withState(context, height, ({ state }) => addresses.map((address) => accountOf(state, address))),
    slot: (at, address, key) => withStateId(context, at, ({ state }) => bytesToBigInt(state.slot(address, key))),
    code: (at, address) => withStateId(context, at, ({ state }) => state.code(accountOf(state, address).codeHash)),
    proof: (number, address, keys) =>
      withSnapshot(context, (view) => {
        const at = stateAt(view, heightOf(view, number));
        const { stateRoot } = readHeight(view.snapshot, at.height, fork) as StoredHeight;
        return proveAccount({ ...at, stateRoot, goOn: context.goOn }, address, keys);
      }),

    block: (id) =>
      withSnapshot(context, (view) => {
        const block = typeof id === "number" ? numbered(view, id) : blockOfHash(view.snapshot, id, fork);
        return block && blockRecord(block, isWhole(block) ? readSummary(view.snapshot, block.height) : { hashes: [], listed: 0 });
      }),
    headers: (from, to) =>
      withSnapshot(context, (view) => {
        const found: HeaderRecord[] = [];
        for (let n = from; n <= Math.min(to, view.headNumber); n = blockNumber(n + 1))
          found.push(headerRecord(numbered(view, n) as StoredBlock));
        return found;
      }),
    transactions: (number) =>
      withSnapshot(context, (view) => {
        const block = numbered(view, number);
        return isWhole(block) ? readTransactions(view.snapshot, block.height).map((stored) => transactionRecord(stored, block)) : [];
      }),
    transaction: (hash) =>
      withSnapshot(context, (view) => {
        const found = transactionOfHash(view.snapshot, hash, fork);
        return found && transactionRecord(found.stored, found.block);
      }),
    receipts: (number) =>
      withSnapshot(context, (view) => {
        const block = numbered(view, number);
        return isWhole(block) ? readTransactions(view.snapshot, block.height).map((stored) => receiptRecord(stored, block)) : [];
      }),
    receipt: (hash) =>
      withSnapshot(context, (view) => {
        const found = transactionOfHash(view.snapshot, hash, fork);
        return found && receiptRecord(found.stored, found.block);
      }),
    logs: (filter) =>
      context.scans(() =>
        withSnapshot(context, (view) => {
          const to = heightOf(view, filter.to);
          const first = numbered(view, filter.from);
          const from = first === undefined ? to + 1 : first.height + (isWhole(first) ? 0 : 1);
          return findLogs(view.snapshot, filter, { from, to }, { fork, goOn: context.goOn });
        }),
      ),
    logChanges: (filter) =>
      context.scans(() =>
        withSnapshot(context, ({ snapshot, head }) => findLogChanges(snapshot, filter, head, { fork, goOn: context.goOn })),
      ),
    newBlocks: ({ after, to, upTo, most }) =>
      withSnapshot(context, ({ snapshot, head }) => {
        const { isWon } = changesOfChain(snapshot, after, upTo, head);
        const won = [...readHeights(snapshot, after + 1, to, fork)].filter(({ height }) => isWon(height));
        const found: HeaderRecord[] = [];
        for (const stored of won.reverse())
          for (const block of newestFirst(snapshot, stored, fork)) {
            if (found.length === most) return found.reverse();
            if (isWhole(block) || isCanonical(snapshot, block)) found.push(headerRecord(block));
          }
        return found.reverse();
      }),
    outcome: (height, limit) => withSnapshot(context, (view) => readChanges(view, height, limit)),
    dump: (from) =>
      withSnapshot(context, (view) => {
        const at = stateAt(view, from?.height ?? view.head);
        const { number, stateRoot } = readHeight(view.snapshot, at.height, fork) as StoredHeight;
        return { number, height: at.height, stateRoot, ...dumpPage({ ...at, goOn: context.goOn }, from ?? {}) };
      }),
    feesAfter: (number) =>
      withSnapshot(context, (view) => {
        heightOf(view, number);
        const isNext = context.genesis.dev && number === view.headNumber;
        const set = isNext ? readNext(stateAt(view, view.head).state).baseFee : undefined;
        return feesAfter(context, numbered(view, number) as StoredBlock, set);
      }),
    nextBlock: (next) =>
      withSnapshot(context, (view) => {
        const parent = newestBlock(context, view);
        const { state } = stateAt(view, view.head);
        const env = nextEnv(context, view, parent, presumedInput(context, view, parent, next, state), state);
        const { number, timestamp, coinbase, prevRandao, gasLimit, baseFeePerGas = 0n, excessBlobGas = 0n } = env;
        return { number, parentHash: parent.hash, timestamp, coinbase, prevRandao, gasLimit, baseFeePerGas, excessBlobGas };
      }),
  };
}

/** The blocks of a height. */
function* newestFirst(snapshot: KvSnapshot, { block, quiet }: StoredHeight, fork: string): Iterable<StoredBlock> {
  if (block === undefined) return;
  const { count, interval } = quiet ?? { count: 0, interval: 0n };
  for (let index = count; index > 0; index--) yield quietBlock(snapshot, block, interval, index, fork);
  yield block;
}

/** Quiet ones hold nothing. */
function isWhole(block: StoredBlock | undefined): block is StoredBlock {
  return block?.index === 0;
}

function accountOf(state: FlatState, address: Uint8Array): AccountRecord {
  return state.account(address) ?? EMPTY_ACCOUNT;
}
