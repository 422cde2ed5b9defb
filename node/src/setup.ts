/** Makes a validator's data directory. */
import { initVoteLog } from "@noema/consensus/log/vote-log";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { createValidatorKey } from "./keys/validator-key.ts";
import { lockDatadir } from "./store/datadir-lock.ts";
import { guardGenesis } from "./store/genesis-guard.ts";
import type { LogOwner } from "./store/log-owner.ts";
import { createLogs } from "./wiring/storage.ts";

/** Writes the key, and begins the logs. Throws KEY_EXISTS, DATADIR_LOCKED, DATADIR_OTHER_GENESIS. */
export async function initValidator(datadir: string, genesisHash: Hash, secretKey?: Bytes): Promise<void> {
  const lock = await lockDatadir(datadir);
  try {
    await beginLogs(datadir, { genesisHash, publicKey: createValidatorKey(datadir, secretKey) });
  } finally {
    lock.release();
  }
}

/** From now on, a missing log is a lost one. The caller holds the data directory's lock. Throws DATADIR_OTHER_GENESIS, LOG_OTHER_OWNER. */
export async function beginLogs(datadir: string, owner: LogOwner): Promise<void> {
  guardGenesis(datadir, owner.genesisHash);
  await createLogs(datadir, owner, ({ votes }) => initVoteLog(votes, owner.genesisHash));
}
