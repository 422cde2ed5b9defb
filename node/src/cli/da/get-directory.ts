/** A directory is written into `OUT.<id>.part`, a folder, which a later run goes on with, and which becomes OUT once it is whole. */
import { existsSync, renameSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Bytes } from "@noema/core/ports/bytes";
import { pathFault } from "@noema/da-layer/files/names";
import { makeFolder } from "../../files/make-folder.ts";
import { cliError } from "../errors.ts";
import { type Described, urlOf } from "./describe-file.ts";
import { checkRoom } from "./disk-room.ts";
import { download } from "./download.ts";
import { partPath } from "./part-file.ts";
import { writeChunks } from "./write-chunks.ts";

type Files = NonNullable<Described["files"]>;

/** `onBytes` hears how many more are written. Throws CLI_DISK_FULL, FILE_UNWRITABLE, CLI_REQUEST_FAILED. */
export async function getDirectory(
  rpc: string,
  { id, files = [] }: Described,
  out: string,
  onBytes: (more: number) => void,
): Promise<void> {
  for (const { path } of files) {
    const fault = pathFault(path); // the node checked it too, and may be any
    if (fault !== undefined) throw cliError("CLI_REQUEST_FAILED", `${id} has a path that leads elsewhere: it ${fault}`);
  }
  const part = partPath(out, id);
  makeFolder(part);
  const missing = files.filter(({ path, bytes }) => {
    const there = statSync(join(part, path), { throwIfNoEntry: false });
    if (there?.size === bytes) onBytes(bytes);
    return there?.size !== bytes;
  });
  await checkRoom(
    part,
    missing.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  for (const run of runsOf(missing)) await writeRun(rpc, run, part, onBytes);
  if (existsSync(out)) throw cliError("CLI_OUTPUT_EXISTS", `${out} appeared while ${part} was written`);
  renameSync(part, out);
}

/** Files that lie behind one another in the same bytes are read at once. */
function runsOf(files: Files): Files[] {
  const runs: Files[] = [];
  for (const file of files) {
    const last = runs.at(-1)?.at(-1);
    if (last !== undefined && (file.bytes === 0 || (last.id === file.id && last.offset + last.bytes === file.offset)))
      runs.at(-1)?.push(file);
    else runs.push([file]);
  }
  return runs;
}

async function writeRun(rpc: string, run: Files, root: string, onBytes: (more: number) => void): Promise<void> {
  const first = run.find((x) => x.bytes > 0);
  const bytes = run.reduce((sum, x) => sum + x.bytes, 0);
  const source = first === undefined ? undefined : chunksOf(download(urlOf(rpc, first.id), first.offset, first.offset + bytes));
  for (const file of run) {
    const place = join(root, file.path);
    makeFolder(dirname(place));
    const chunks = async function* () {
      for (let left = file.bytes; left > 0; ) {
        const chunk = (await source?.(left)) as Bytes;
        left -= chunk.length;
        onBytes(chunk.length);
        yield chunk;
      }
    };
    await writeChunks(place, chunks());
  }
}

/** The next bytes of a stream, at most as many as are asked for. */
function chunksOf(stream: AsyncIterable<Bytes>): (most: number) => Promise<Bytes> {
  const iterator = stream[Symbol.asyncIterator]();
  let rest: Bytes = new Uint8Array();
  return async (most) => {
    if (rest.length === 0) rest = (await iterator.next()).value as Bytes; // the stream is as long as it says, or throws
    const chunk = rest.subarray(0, most);
    rest = rest.subarray(chunk.length);
    return chunk;
  };
}
