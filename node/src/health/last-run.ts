/**
 * How earlier runs of a data directory ended: in `unclean` stands how many in a row ended without a stop, the one that runs among them. One does
 * by kill -9 or a power cut. After two, the stores are suspected and read whole: LMDB ends a process by SIGSEGV or SIGBUS, without
 * a word, where a page is damaged that is not looked at before each start (store/lmdb-guard.ts).
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "@noema/core/ports/logger";
import { writeFileAtomic } from "../files/write-file.ts";

const SUSPECT_AFTER = 2;

/** `end`: it is stopped. Throws FILE_UNWRITABLE. */
export function openRun(datadir: string, logger: Logger): { suspect: boolean; end(): void } {
  const path = join(datadir, "unclean");
  const runs = existsSync(path) ? Number.parseInt(readFileSync(path, "latin1"), 10) || 1 : 0;
  const suspect = runs >= SUSPECT_AFTER;
  if (suspect)
    logger.log("warn", "the last runs ended without a stop: the stores are suspected and read whole before they are opened", { runs });
  else if (runs > 0) logger.log("info", "the last run ended without a stop", { runs });
  writeFileAtomic(path, `${runs + 1}\n`);
  return { suspect, end: () => rmSync(path, { force: true }) };
}
