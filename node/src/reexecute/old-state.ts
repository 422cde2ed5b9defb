/** The state that is doubted: read for what it says of blocks, believed in nothing. */
import type { Hash, Height } from "@noema/core/ports/bytes";
import type { KvStore } from "@noema/core/ports/kv-store";
import { readSummary, readTransactions } from "@noema/execution/blocks/bodies";
import { readBlock, readHeight } from "@noema/execution/blocks/store";
import { operationInput } from "@noema/execution/system/operation";
import { STATE_TABLES } from "@noema/execution/tables";
import { openStore, type StoreEngine, WHOLE } from "../store/open-store.ts";
import type { EarlierBlock } from "./payloads.ts";

export type OldState = {
  block: EarlierBlock;
  /** Its Ethereum block's hash, where it has one. */
  hashOf(height: Height): Hash | undefined;
  close(): Promise<void>;
};

export async function openOldState(engine: StoreEngine, datadir: string, fork: string): Promise<OldState> {
  const kv = await openStore(engine, datadir, "state", STATE_TABLES, WHOLE).catch(() => undefined);
  return {
    block: (height) =>
      reading(kv, (snapshot) => {
        const stored = readHeight(snapshot, height, fork);
        if (stored === undefined) return undefined;
        const system = readSummary(snapshot, height).operations.map(({ data }) => operationInput(data));
        return { system, txs: readTransactions(snapshot, height).map(({ tx }) => tx.raw), skippedRoot: stored.skippedRoot };
      }),
    hashOf: (height) => reading(kv, (snapshot) => readBlock(snapshot, height, fork)?.hash),
    close: async () => kv?.close(),
  };
}

/** What cannot be read counts as missing. */
function reading<T>(kv: KvStore | undefined, read: (snapshot: ReturnType<KvStore["snapshot"]>) => T | undefined): T | undefined {
  const snapshot = kv?.snapshot();
  try {
    return snapshot && read(snapshot);
  } catch {
    return undefined;
  } finally {
    snapshot?.close();
  }
}
