/** `noema da put FILE --rpc URL [--json]` and `noema da get ID --rpc URL --out FILE`: blobs through any node's HTTP face. */
import { createReadStream, createWriteStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Command } from "commander";

type Refusal = { code?: string; message?: string; error?: { code?: string; message?: string } };

const program = new Command("noema da").description("Publish data and read it back.").showHelpAfterError();
program
  .command("put <file>")
  .description("publish a file as one blob; prints its id once it stands in a block")
  .option("--rpc <url>", "any node", "http://127.0.0.1:8545")
  .option("--json", "print one JSON object", false)
  .action(put);
program
  .command("get <id>")
  .description("fetch a blob, checked against its commitments by the node that is asked")
  .option("--rpc <url>", "any node", "http://127.0.0.1:8545")
  .requiredOption("--out <file>", "where to write it")
  .action(get);

async function put(file: string, o: { rpc: string; json: boolean }): Promise<void> {
  const { size } = await stat(file);
  const started = performance.now();
  const response = await ask(`${o.rpc}/da`, {
    method: "PUT",
    headers: { "content-type": "application/octet-stream", "content-length": String(size) },
    body: Readable.toWeb(createReadStream(file)) as ReadableStream,
    duplex: "half",
  } as RequestInit);
  const answer = (await response.json()) as { id: string };
  if (o.json) return void process.stdout.write(`${JSON.stringify(answer)}\n`);
  process.stdout.write(`${answer.id}\n${size} bytes published in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
}

/** The file appears whole or not at all. */
async function get(id: string, o: { rpc: string; out: string }): Promise<void> {
  const response = await ask(`${o.rpc}/da/${encodeURIComponent(id)}`);
  const temporary = `${o.out}.${process.pid}.tmp`;
  try {
    await pipeline(Readable.fromWeb(response.body as never), createWriteStream(temporary));
    const { size } = await stat(temporary);
    const expected = Number(response.headers.get("content-length") ?? size);
    if (size !== expected) throw new Error(`${size} of ${expected} bytes arrived`);
    await rename(temporary, o.out);
    process.stdout.write(`${size} bytes written to ${o.out}\n`);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function ask(url: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, init).catch((error) => {
    throw new Error(`${url}: ${error?.cause?.message ?? error?.message ?? error}`);
  });
  if (response.ok) return response;
  const refusal = (await response.json().catch(() => ({}))) as Refusal;
  const { code, message } = refusal.error ?? refusal;
  throw new Error(`${message ?? `HTTP ${response.status}`}${code === undefined ? "" : ` (${code})`}`);
}

program.parseAsync().catch((error) => {
  process.stderr.write(`noema da: ${error?.message ?? error}\n`);
  process.exit(1);
});
