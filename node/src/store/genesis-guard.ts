import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { to0x } from "@noema/core/bytes";
import { NoemaError } from "@noema/core/errors";
import type { Hash } from "@noema/core/ports/bytes";

/** Binds a data directory to its chain at the first start; throws DATADIR_OTHER_GENESIS when it belongs to another. */
export function guardGenesis(datadir: string, genesisHash: Hash): void {
  const path = join(datadir, "genesis-hash");
  const ours = to0x(genesisHash);
  const theirs = existsSync(path) ? readFileSync(path, "utf8").trim() : "";
  if (theirs === "") {
    writeFileSync(path, `${ours}\n`, { flush: true }); // empty: a crash came between making the file and writing it
    return;
  }
  if (theirs !== ours)
    throw new NoemaError("DATADIR_OTHER_GENESIS", `${datadir} belongs to genesis ${theirs}, not ${ours}`, { datadir, theirs, ours });
}
