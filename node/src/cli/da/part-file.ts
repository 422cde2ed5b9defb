/** A file that is not all there yet: `OUT.<first digits of its id, or of a hash of ID/path>.part`, which a later run goes on with, renamed once it is whole. */
import { createHash } from "node:crypto";
import { createReadStream, existsSync, renameSync, rmSync, statSync } from "node:fs";
import { constants as os } from "node:os";
import { dirname } from "node:path";
import { toHex, utf8 } from "@noema/core/bytes";
import { sha256 as sha256Of } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { syncPath } from "../../files/sync.ts";
import { cliError } from "../errors.ts";
import { checkRoom } from "./disk-room.ts";
import { writeChunks } from "./write-chunks.ts";

/** Less is fetched again sooner than a person finds it lying there. */
const WORTH_KEEPING = 1 << 20;

/** `what`: an id, or ID/path, which names these bytes and no others. */
export function partPath(out: string, what: string): string {
  const name = what.includes("/") ? toHex(sha256Of(utf8(what))) : what.slice(2);
  return `${out}.${name.slice(0, 8)}.part`;
}

export type WholeFile = { out: string; part: string; bytes: number; sha256?: string };

/** Appends what `fetch` gives from the part's end on, checks the whole, and moves it to `out`. Throws CLI_DISK_FULL, FILE_UNWRITABLE, CLI_REQUEST_FAILED. */
export async function completePart({ out, part, bytes, sha256 }: WholeFile, fetch: (from: number) => AsyncIterable<Bytes>): Promise<void> {
  const there = statSync(part, { throwIfNoEntry: false })?.size ?? 0;
  const from = there <= bytes ? there : 0;
  await checkRoom(dirname(part), bytes - there);
  const digest = createHash("sha256");
  if (sha256 !== undefined && from > 0) for await (const chunk of createReadStream(part, { highWaterMark: 1 << 20 })) digest.update(chunk);
  const leave = keepWhereWorth(part);
  const hashed = async function* () {
    for await (const chunk of fetch(from)) {
      digest.update(chunk);
      yield chunk;
    }
  };
  try {
    await writeChunks(part, hashed(), from === 0 ? "w" : "a");
    if (sha256 !== undefined && `0x${digest.digest("hex")}` !== sha256) {
      rmSync(part, { force: true });
      throw cliError("CLI_REQUEST_FAILED", `${out}: the bytes that came are not those of its manifest; nothing was kept`);
    }
    syncPath(part);
    renameSync(part, out);
    syncPath(dirname(out));
  } finally {
    leave();
  }
}

/** What is called at the end in any case; a signal calls it as well. */
function keepWhereWorth(part: string): () => void {
  const tidy = () => {
    if (existsSync(part) && statSync(part).size < WORTH_KEEPING) rmSync(part, { force: true });
  };
  const handlers = (["SIGINT", "SIGTERM", "SIGHUP"] as const).map((name) => {
    const handler = () => {
      tidy();
      process.exit(128 + os.signals[name]);
    };
    process.once(name, handler);
    return { name, handler };
  });
  return () => {
    for (const { name, handler } of handlers) process.off(name, handler);
    tidy();
  };
}
