import { existsSync } from "node:fs";
import { join } from "node:path";
import { to0x } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import { readText } from "../files/read-json.ts";
import { writeFileAtomic } from "../files/write-file.ts";
import { migrateDatadir } from "./datadir-version.ts";
import { storeError } from "./errors.ts";

/**
 * Binds a data directory to its chain at the first start, and brings it to this version's layout. Throws DATADIR_OTHER_GENESIS when it
 * belongs to another chain, and what `migrateDatadir` throws.
 */
export function guardGenesis(datadir: string, genesisHash: Hash): void {
  const path = join(datadir, "genesis-hash");
  const ours = to0x(genesisHash);
  const theirs = existsSync(path) ? readText(path).trim() : "";
  if (theirs !== "" && theirs !== ours)
    throw storeError("DATADIR_OTHER_GENESIS", `${datadir} belongs to genesis ${theirs}, not ${ours}`, { datadir, theirs, ours });
  migrateDatadir(datadir, theirs === "");
  if (theirs === "") writeFileAtomic(path, `${ours}\n`); // empty: a crash of an earlier version between making the file and writing it
}
