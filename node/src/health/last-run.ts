/**
 * How earlier runs of a data directory ended: in `unclean` stands how many in a row ended without a stop, the one that runs among them. One does
 * by kill -9 or a power cut; or by SIGSEGV or SIGBUS, without a word, where LMDB meets a damaged page that is not looked at before each
 * start (store/lmdb-guard.ts). So after one the pages are read of stores that are read in seconds, after two of all.
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "@noema/core/ports/logger";
import { writeFileAtomic } from "../files/write-file.ts";

/** Eight seconds of CPU: 3 to 4 a GiB. */
const AFTER_ONE_BYTES = 2 * 2 ** 30;

export type Run = {
  /** Stores up to this size are read whole before they are opened; undefined: those that always are. */
  readonly checkedBytes: number | undefined;
  /** It is stopped. */
  end(): void;
};

/** Throws FILE_UNWRITABLE. */
export function openRun(datadir: string, logger: Logger): Run {
  const path = join(datadir, "unclean");
  const runs = existsSync(path) ? Number.parseInt(readFileSync(path, "latin1"), 10) || 1 : 0;
  const checkedBytes = runs > 1 ? Number.POSITIVE_INFINITY : runs > 0 ? AFTER_ONE_BYTES : undefined;
  if (runs > 1)
    logger.log("warn", "the last runs ended without a stop: the stores are suspected and read whole before they are opened", { runs });
  else if (runs > 0) logger.log("info", "the last run ended without a stop", { runs });
  writeFileAtomic(path, `${runs + 1}\n`);
  return { checkedBytes, end: () => rmSync(path, { force: true }) };
}
