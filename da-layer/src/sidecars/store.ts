/**
 * A file for each blob, in folders by the second of chain time to which what is in them is kept; a folder is dropped whole. What is held
 * is what is there: a restart has nothing to read.
 */
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { SidecarBlob } from "@noema/core/ports/sidecars";
import { decodeRecord, encodeRecord, nameOf } from "./record.ts";

/** Folders of files, implemented by node. */
export interface SidecarFiles {
  folders(): Promise<string[]>;
  has(folder: string, name: string): Promise<boolean>;
  /** undefined: it is not there. */
  read(folder: string, name: string): Promise<Bytes | undefined>;
  /** Durable when it resolves; whole or not at all. */
  write(folder: string, name: string, bytes: Bytes): Promise<void>;
  remove(folder: string, name: string): Promise<void>;
  drop(folder: string): Promise<void>;
}

export type SidecarStore = {
  holds(hash: Hash): Promise<boolean>;
  /** undefined: it is not here as it was written. */
  read(hash: Hash): Promise<SidecarBlob | undefined>;
  /** To `retention` from now at least. Durable when it resolves. */
  write(hash: Hash, blob: SidecarBlob): Promise<void>;
  /** What is here is kept as long as what is written now. False: it is not here. */
  renew(hash: Hash): Promise<boolean>;
  /** Drops the folders whose time has passed; looks once in each sixteenth of the retention. */
  expire(): Promise<void>;
};

/** Of the retention: how much longer than that the first of a folder is kept, at most. */
const FOLDERS = 16;
const UNTIL = /^until-([0-9]+)$/;

/** @param now seconds of chain time. */
export function createSidecarStore(files: SidecarFiles, retentionSeconds: number, now: () => number): SidecarStore {
  const step = Math.max(1, Math.ceil(retentionSeconds / FOLDERS));
  const current = () => `until-${Math.ceil((now() + retentionSeconds) / step + 1) * step}`;

  let expiredAt = Number.NEGATIVE_INFINITY;

  async function find(hash: Hash): Promise<string | undefined> {
    const name = nameOf(hash);
    for (const folder of (await files.folders()).sort(latestFirst)) if (await files.has(folder, name)) return folder;
    return undefined;
  }

  async function readFrom(folder: string, hash: Hash): Promise<SidecarBlob | undefined> {
    const record = await files.read(folder, nameOf(hash));
    const blob = record && decodeRecord(record, hash);
    if (record !== undefined && blob === undefined) await files.remove(folder, nameOf(hash)); // it is fetched again
    return blob;
  }

  async function read(hash: Hash): Promise<SidecarBlob | undefined> {
    const folder = await find(hash);
    return folder === undefined ? undefined : readFrom(folder, hash);
  }

  const write = (hash: Hash, blob: SidecarBlob) => files.write(current(), nameOf(hash), encodeRecord(blob));

  return {
    holds: async (hash) => (await find(hash)) !== undefined,
    read,
    write,
    async renew(hash) {
      const folder = await find(hash);
      if (folder === undefined) return false;
      if (untilOf(folder) >= untilOf(current())) return true;
      const blob = await readFrom(folder, hash);
      if (blob !== undefined) await write(hash, blob);
      return blob !== undefined;
    },
    async expire() {
      if (now() >= expiredAt && now() < expiredAt + step) return;
      expiredAt = now();
      for (const folder of await files.folders()) if (untilOf(folder) <= now()) await files.drop(folder);
    },
  };
}

/** What is no folder of this store is kept. */
function untilOf(folder: string): number {
  return Number(UNTIL.exec(folder)?.[1] ?? Number.POSITIVE_INFINITY);
}

function latestFirst(a: string, b: string): number {
  return untilOf(b) - untilOf(a) || 0;
}
