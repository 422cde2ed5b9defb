/** Makes a validator's data directory. */
import { initVoteLog } from "@noema/consensus/log/vote-log";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { createValidatorKey } from "./keys/validator-key.ts";
import { openFileLog } from "./store/file-log.ts";
import { guardGenesis } from "./store/genesis-guard.ts";
import { voteLogFolder } from "./wiring/storage.ts";

/** Writes the key and the vote log's first record: from now on, a missing log is a lost one. Throws KEY_EXISTS, DATADIR_OTHER_GENESIS. */
export async function initValidator(datadir: string, genesisHash: Hash, secretKey?: Bytes): Promise<void> {
  createValidatorKey(datadir, secretKey);
  guardGenesis(datadir, genesisHash);
  const votes = openFileLog(voteLogFolder(datadir));
  await initVoteLog(votes, genesisHash);
  await votes.close();
}
