/**
 * What of an unfinished upload is published already: a line {sha256, id} for each whole object, in the caller's state folder, until the
 * upload is complete. Equal bytes published again would have another id, so it is by this that they are not sent twice.
 */
import { appendFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { toHex, utf8 } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import { makeFolder } from "../../files/make-folder.ts";

export type UploadJournal = {
  /** Ids by the sha256 of the payload, as hex. */
  known: ReadonlyMap<string, string>;
  add(sha256: string, id: string): void;
  /** The upload is complete. */
  end(): void;
};

const stateFolder = () => join(process.env.XDG_STATE_HOME || join(homedir(), ".local", "state"), "noema", "uploads");

/** `label`: node and path, or what else an upload that goes on is known by. Throws FILE_UNWRITABLE at the first object. */
export function openJournal(label: string): UploadJournal {
  const folder = stateFolder();
  const file = join(folder, `${toHex(sha256(utf8(label))).slice(0, 32)}.jsonl`);
  const known = new Map<string, string>();
  for (const line of existsSync(file) ? readFileSync(file, "utf8").split("\n") : []) {
    const [, digest, id] = /^\{"sha256":"([0-9a-f]{64})","id":"(0x[0-9a-f]{64})"\}$/.exec(line) ?? []; // one that a crash cut is none
    if (digest !== undefined && id !== undefined) known.set(digest, id);
  }
  return {
    known,
    add(digest, id) {
      makeFolder(folder, 0o700);
      appendFileSync(file, `${JSON.stringify({ sha256: digest, id })}\n`);
      known.set(digest, id);
    },
    end: () => rmSync(file, { force: true }),
  };
}
