import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { cliError } from "../errors.ts";
import { createProgress } from "../progress.ts";
import { ask, readJson } from "./ask.ts";

export type PutOptions = { rpc: string; json: boolean };

/** A stream's length has to be known before it is sent. Four times what a blob can hold: a node tells its own limit. */
const MOST_BUFFERED = 16 << 20;

type Source = { bytes: number; body: RequestInit["body"] };

export async function put(file: string, { rpc, json }: PutOptions): Promise<void> {
  const { bytes, body } = await open(file);
  const started = performance.now();
  const response = await createProgress(process.stderr).during(
    (seconds) => `publishing ${bytes} bytes at ${rpc} ... ${seconds} s`,
    ask(`${rpc}/da`, {
      method: "PUT",
      headers: { "content-type": "application/octet-stream", "content-length": String(bytes) },
      body,
      duplex: "half",
    } as RequestInit),
  );
  const answer = await readJson<{ id: string }>(response);
  if (json) return void process.stdout.write(`${JSON.stringify(answer)}\n`);
  process.stdout.write(`${answer.id}\n${bytes} bytes published in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
}

/** A file is streamed; what has no length (standard input, a pipe) is read first. */
async function open(file: string): Promise<Source> {
  if (file === "-") {
    if (process.stdin.isTTY) process.stderr.write("reading standard input, until Ctrl-D ...\n");
    return buffer(process.stdin, "standard input");
  }
  const found = await stat(file);
  if (found.isDirectory()) throw cliError("CLI_INPUT_INVALID", `${file} is a folder`);
  const stream = createReadStream(file);
  return found.isFile() ? { bytes: found.size, body: Readable.toWeb(stream) as ReadableStream } : buffer(stream, file);
}

async function buffer(stream: Readable, name: string): Promise<Source> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BUFFERED) throw cliError("CLI_INPUT_INVALID", `${name} has more than ${MOST_BUFFERED} bytes, the most for one object`);
    chunks.push(chunk);
  }
  return { bytes, body: Buffer.concat(chunks) };
}
