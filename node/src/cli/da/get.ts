import { existsSync, realpathSync, statSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { coreError } from "@noema/core/errors";
import { cliError } from "../errors.ts";
import { createProgress } from "../progress.ts";
import { describeFile, urlOf } from "./describe-file.ts";
import { download } from "./download.ts";
import { getDirectory } from "./get-directory.ts";
import { completePart, partPath } from "./part-file.ts";
import { writeChunks } from "./write-chunks.ts";

export type GetOptions = { rpc: string; out?: string; force: boolean };

/** `what`: ID, or ID/path of a directory's file. */
export async function get(what: string, { rpc, out, force }: GetOptions): Promise<void> {
  const url = urlOf(rpc, what);
  if (out === undefined && process.stdout.isTTY)
    throw coreError("ARGUMENT_INVALID", "--out FILE is needed: standard output is a terminal (--out - writes there all the same)");
  const toStream = out === undefined || out === "-";
  if (!toStream) checkTarget(out, force);
  let came = 0;
  let bytes: number | undefined;
  const count = async function* <T extends Uint8Array>(chunks: AsyncIterable<T>) {
    for await (const chunk of chunks) {
      came += chunk.length;
      yield chunk;
    }
  };
  const work = async () => {
    const described = await describeFile(url);
    bytes = described.files?.reduce((sum, x) => sum + x.bytes, 0) ?? described.bytes;
    if (described.kind === "directory") {
      if (toStream) throw coreError("ARGUMENT_INVALID", `${what} is a directory: --out FOLDER says where, or ${what}/PATH names a file`);
      if (existsSync(out)) throw cliError("CLI_OUTPUT_EXISTS", `${out} exists: a directory is written to a new folder`);
      return getDirectory(rpc, described, out, (more) => (came += more));
    }
    const fetch = (from: number) => {
      came = from;
      return count(download(url, from, described.bytes));
    };
    if (toStream) return pipeline([Readable.from(fetch(0), { objectMode: false }), process.stdout], { end: false });
    const existing = statSync(out, { throwIfNoEntry: false });
    if (existing !== undefined && !existing.isFile()) return writeChunks(out, fetch(0)); // a pipe, a device
    const place = existing === undefined ? out : realpathSync(out); // what a symbolic link leads to is replaced
    // of a directory's file the manifest's hash is another's
    const sha256 = what.includes("/") ? undefined : described.sha256;
    await completePart({ out: place, part: partPath(place, what), bytes: described.bytes, sha256 }, fetch);
  };
  const of = () => (bytes === undefined ? "" : ` of ${bytes}`);
  await createProgress(process.stderr).during((s) => `fetching ${url}: ${came}${of()} bytes ... ${s} s`, work());
  if (!toStream) process.stdout.write(`${bytes} bytes written to ${out}\n`);
}

/** Before anything is asked for. */
function checkTarget(out: string, force: boolean): void {
  const existing = statSync(out, { throwIfNoEntry: false });
  if (existing?.isDirectory()) throw cliError("CLI_OUTPUT_EXISTS", `${out} is a folder: name a file in it, or a new folder`);
  if (existing?.isFile() && !force) throw cliError("CLI_OUTPUT_EXISTS", `${out} exists: --force overwrites it`);
}
