/** Reads of blocks and state. Each opens one snapshot; none waits for a block that executes. */
import { bytesToBigInt } from "@noema/core/bytes";
import { NoemaError } from "@noema/core/errors";
import type { Hash, Height } from "@noema/core/ports/bytes";
import type { AccountRecord, ExecutionService } from "../api.ts";
import { findLogs } from "../blocks/logs.ts";
import { blockRecord, execResult, receiptRecords, transactionRecord } from "../blocks/records.ts";
import { heightOfHash, placeOfTransaction, readBlock, readBody, type StoredBlock } from "../blocks/store.ts";
import { EMPTY_ACCOUNT } from "../state/account.ts";
import { proveAccount } from "../state/proof.ts";
import type { FlatState } from "../state/reader.ts";
import type { Context } from "./context.ts";
import { feesAfter, nextEnv, presumedInput } from "./next-env.ts";
import { withStateId } from "./next-state.ts";
import { readChanges } from "./outcome.ts";
import { type View, withSnapshot, withState } from "./view.ts";

type Queries = Omit<ExecutionService, "start" | "stop" | "execute" | "call" | "estimateGas" | "createAccessList">;

export function createQueries(context: Context): Queries {
  const { genesis, options } = context;
  const find = ({ snapshot }: View, height: Height) => readBlock(snapshot, height, genesis.fork);
  const locate = (view: View, hash: Hash): { block: StoredBlock; index: number } | undefined => {
    const place = placeOfTransaction(view.snapshot, hash);
    const block = place && find(view, place.height);
    return block && { block, index: place.index };
  };
  return {
    result: (height) =>
      withSnapshot(context, (view) => {
        const block = height > view.head - options.resultWindow ? find(view, height) : undefined;
        return block && execResult(block);
      }),
    account: (at, address) => withStateId(context, at, ({ state }) => accountOf(state, address)),
    accounts: (height, addresses) => withState(context, height, ({ state }) => addresses.map((address) => accountOf(state, address))),
    slot: (at, address, key) => withStateId(context, at, ({ state }) => bytesToBigInt(state.slot(address, key))),
    code: (at, address) => withStateId(context, at, ({ state }) => state.code(accountOf(state, address).codeHash)),
    proof: (height, address, keys) =>
      withState(context, height, (at) => proveAccount({ ...at, height, stateRoot: at.block.header.stateRoot }, address, keys)),

    block: (id) =>
      withSnapshot(context, (view) => {
        const height = typeof id === "number" ? id : heightOfHash(view.snapshot, id);
        const block = height === undefined ? undefined : find(view, height);
        return block && blockRecord(block, readBody(view.snapshot, block.header.height).executed);
      }),
    transactions: (height) =>
      withSnapshot(context, (view) => {
        const block = find(view, height);
        return block ? readBody(view.snapshot, height).executed.map((tx, index) => transactionRecord(tx, index, block)) : [];
      }),
    transaction: (hash) =>
      withSnapshot(context, (view) => {
        const place = locate(view, hash);
        const tx = place && readBody(view.snapshot, place.block.header.height).executed[place.index];
        return tx && transactionRecord(tx, place.index, place.block);
      }),
    receipts: (height) =>
      withSnapshot(context, (view) => {
        const block = find(view, height);
        return block ? receiptRecords(readBody(view.snapshot, height).executed, block) : [];
      }),
    receipt: (hash) =>
      withSnapshot(context, (view) => {
        const place = locate(view, hash);
        return place && receiptRecords(readBody(view.snapshot, place.block.header.height).executed, place.block)[place.index];
      }),
    logs: (filter) =>
      context.scans(() =>
        withSnapshot(context, (view) => {
          if (filter.to > view.head)
            throw new NoemaError("HEIGHT_UNKNOWN", `height ${filter.to} is not executed; the newest is ${view.head}`, {
              height: filter.to,
            });
          return findLogs(view.snapshot, filter, genesis.fork);
        }),
      ),
    outcome: (height, limit) => withSnapshot(context, (view) => readChanges(view, height, limit)),
    nextBaseFee: (height) =>
      withSnapshot(context, (view) => {
        const block = find(view, height);
        if (block === undefined) throw new NoemaError("HEIGHT_UNKNOWN", `height ${height} is not executed`, { height });
        return feesAfter(context, block);
      }),
    nextBlock: (next) =>
      withSnapshot(context, (view) => {
        const parent = find(view, view.head) as StoredBlock;
        const env = nextEnv(context, view, parent, presumedInput(parent, next));
        const { number: height, timestamp, coinbase, prevRandao, gasLimit, baseFeePerGas = 0n, excessBlobGas = 0n } = env;
        return { height, parentHash: parent.hash, timestamp, coinbase, prevRandao, gasLimit, baseFeePerGas, excessBlobGas };
      }),
  };
}

function accountOf(state: FlatState, address: Uint8Array): AccountRecord {
  return state.account(address) ?? EMPTY_ACCOUNT;
}
