import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Bytes } from "@noema/core/ports/bytes";
import { fileError } from "../../files/file-error.ts";

/** Writes what comes to `place`, anew or behind what is there; at the end, in any case, the file is closed. Throws FILE_UNWRITABLE, and what `chunks` throw. */
export async function writeChunks(place: string, chunks: AsyncIterable<Bytes>, flags: "w" | "a" = "w"): Promise<void> {
  const file = createWriteStream(place, { flags });
  const closed = new Promise<void>((done) => file.once("close", () => done()));
  try {
    await pipeline(Readable.from(chunks, { objectMode: false }), file);
  } catch (error) {
    const { path } = error as NodeJS.ErrnoException; // errors of the file system have one
    throw path === undefined ? error : fileError("FILE_UNWRITABLE", place, error);
  } finally {
    await closed;
  }
}
