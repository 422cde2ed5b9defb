/** Makes a validator's data directory. */
import { initVoteLog } from "@noema/consensus/log/vote-log";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { createValidatorKey } from "./keys/validator-key.ts";
import { lockDatadir } from "./store/datadir-lock.ts";
import { guardGenesis } from "./store/genesis-guard.ts";
import { createLogs } from "./wiring/storage.ts";

/** Writes the key, and begins the logs: from now on, a missing log is a lost one. Throws KEY_EXISTS, DATADIR_LOCKED, DATADIR_OTHER_GENESIS. */
export async function initValidator(datadir: string, genesisHash: Hash, secretKey?: Bytes): Promise<void> {
  const lock = await lockDatadir(datadir);
  try {
    const publicKey = createValidatorKey(datadir, secretKey);
    guardGenesis(datadir, genesisHash);
    await createLogs(datadir, { genesisHash, publicKey }, ({ votes }) => initVoteLog(votes, genesisHash));
  } finally {
    lock.release();
  }
}
