import { createChainStore } from "@noema/consensus/store/chain-store";
import { TABLES } from "@noema/consensus/store/tables";
import type { Height } from "@noema/core/ports/bytes";
import { readHead } from "@noema/execution/blocks/store";
import { STATE_TABLES } from "@noema/execution/tables";
import { openStore } from "../../store/open-store.ts";

/** How far two stores are that no process writes. Throws STORE_*, CONSENSUS_STORE_FORMAT, STATE_CORRUPT. */
export async function heightsIn(folder: string): Promise<{ tip: Height; oldest: Height; executed: Height | undefined }> {
  const chain = await openStore("lmdb", folder, "chain", Object.values(TABLES));
  try {
    const store = createChainStore(chain, () => false);
    const state = await openStore("lmdb", folder, "state", STATE_TABLES);
    const snapshot = state.snapshot();
    try {
      return { tip: store.tip(), oldest: store.oldest(), executed: readHead(snapshot)?.height };
    } finally {
      snapshot.close();
      await state.close();
    }
  } finally {
    await chain.close();
  }
}
