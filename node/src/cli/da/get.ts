import { createWriteStream, statSync } from "node:fs";
import { constants as os } from "node:os";
import { Readable, Transform, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { coreError } from "@noema/core/errors";
import { replaceFile } from "../../files/write-file.ts";
import { cliError } from "../errors.ts";
import { createProgress } from "../progress.ts";
import { ask } from "./ask.ts";

export type GetOptions = { rpc: string; out?: string; force: boolean };

export async function get(id: string, { rpc, out, force }: GetOptions): Promise<void> {
  const url = `${rpc}/da/${encodeURIComponent(id)}`;
  if (out === undefined && process.stdout.isTTY)
    throw coreError("ARGUMENT_INVALID", "--out FILE is needed: standard output is a terminal (--out - writes there all the same)");
  if (out === undefined || out === "-") return void (await download(url, process.stdout));
  checkTarget(out, force);
  await downloadWhole(url, out);
}

/** Before anything is asked for. */
function checkTarget(out: string, force: boolean): void {
  const existing = statSync(out, { throwIfNoEntry: false });
  if (existing?.isDirectory()) throw cliError("CLI_OUTPUT_EXISTS", `${out} is a folder: name a file in it`);
  if (existing?.isFile() && !force) throw cliError("CLI_OUTPUT_EXISTS", `${out} exists: --force overwrites it`);
}

/** The file appears whole or not at all, also when a signal ends the process. */
async function downloadWhole(url: string, out: string): Promise<void> {
  const replacement = replaceFile(out);
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(name, () => {
      replacement.discard();
      process.exit(128 + os.signals[name]);
    });
  try {
    const bytes = await download(url, createWriteStream(replacement.path));
    replacement.commit();
    process.stdout.write(`${bytes} bytes written to ${out}\n`);
  } finally {
    replacement.discard();
  }
}

/** Resolves with the bytes written; rejects when fewer came than were announced. */
async function download(url: string, target: Writable): Promise<number> {
  let bytes = 0;
  const count = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      done(undefined, chunk);
    },
  });
  const transfer = async () => {
    const response = await ask(url);
    if (response.headers.get("content-type") !== "application/octet-stream")
      throw cliError("CLI_REQUEST_FAILED", `${url}: the answer is no object's bytes: is this a Noema node?`);
    await pipeline([Readable.fromWeb(response.body as never), count, target], { end: target !== process.stdout });
    return Number(response.headers.get("content-length") ?? bytes);
  };
  const announced = await createProgress(process.stderr).during((s) => `fetching ${url}: ${bytes} bytes ... ${s} s`, transfer());
  if (bytes !== announced) throw cliError("CLI_REQUEST_FAILED", `${url}: ${bytes} of ${announced} bytes arrived`);
  return bytes;
}
