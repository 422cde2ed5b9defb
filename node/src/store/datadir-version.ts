/** How a data directory is laid out, as a number in <datadir>/version; v0.1.0 wrote none: its number is 1. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readText } from "../files/read-json.ts";
import { writeFileAtomic } from "../files/write-file.ts";
import { storeError } from "./errors.ts";

/** 2: blobs of transactions in files of their own; in `state`, one row of `numbers` for a run of quiet blocks. */
export const DATADIR_VERSION = 2;
const WITHOUT_FILE = 1;

/** What makes version i + 2 of version i + 1. A crash in one of them: it is done again, from its start. */
const MIGRATIONS: readonly ((datadir: string) => void)[] = [
  () => {}, // what 1 wrote is read as it stands (encoding.md 9, `numbers`): the number alone says that 1 cannot read what is written now
];

/**
 * Brings a directory to this version and says so in it. `isNew`: nothing stands in it. Returns the version that it had.
 * Throws DATADIR_VERSION_UNKNOWN, FILE_UNREADABLE, FILE_UNWRITABLE.
 */
export function migrateDatadir(datadir: string, isNew: boolean): number {
  const path = join(datadir, "version");
  const found = !existsSync(path) && isNew ? DATADIR_VERSION : datadirVersion(datadir);
  for (const migrate of MIGRATIONS.slice(found - 1)) migrate(datadir);
  if (found < DATADIR_VERSION || !existsSync(path)) writeFileAtomic(path, `${DATADIR_VERSION}\n`);
  return found;
}

/** Of a directory that is not new. Throws DATADIR_VERSION_UNKNOWN, FILE_UNREADABLE. */
export function datadirVersion(datadir: string): number {
  const path = join(datadir, "version");
  return existsSync(path) ? parse(datadir, readText(path).trim()) : WITHOUT_FILE;
}

function parse(datadir: string, text: string): number {
  const version = /^[1-9][0-9]{0,5}$/.test(text) ? Number(text) : undefined;
  if (version !== undefined && version <= DATADIR_VERSION) return version;
  const says = version === undefined ? `${datadir}/version says no number` : `${datadir} has version ${version}`;
  throw storeError("DATADIR_VERSION_UNKNOWN", `${says}; this program reads versions 1 to ${DATADIR_VERSION}`, { datadir, version });
}
