import { realpathSync } from "node:fs";
import { to0x, ZERO_HASH } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { encodeListing } from "@noema/da-layer/files/listing";
import { type FileFacts, type WriteProgress, type Written, writeFile } from "@noema/da-layer/files/write-file";
import { createProgress } from "../progress.ts";
import { expandPaths, type Input, openInput } from "./inputs.ts";
import { openJournal } from "./journal.ts";
import { maxObjectBytes, nodeSink } from "./node-sink.ts";

export type PutOptions = {
  rpc: string;
  json: boolean;
  name?: string;
  type?: string;
  namespace?: string;
  expiry?: string;
  objectBytes?: number;
};

/** Each path becomes a file, or a directory; its id is printed once it stands in a block. */
export async function put(paths: readonly string[], options: PutOptions): Promise<void> {
  const progress = createProgress(process.stderr);
  const inputs = expandPaths(paths).map((path) => openInput(path, (what, why) => progress.say(`left out, since it ${why}: ${what}`)));
  const most = await maxObjectBytes(options.rpc);
  const objectBytes = Math.min(most, options.objectBytes ?? most);
  for (const input of inputs) {
    if (input.path === "-" && process.stdin.isTTY) process.stderr.write("reading standard input, until Ctrl-D ...\n");
    const started = performance.now();
    const written = await putOne(input, objectBytes, options, progress);
    const seconds = Math.round(performance.now() - started) / 1000;
    const { id, sha256, ...rest } = written;
    const said = { id: to0x(id), path: input.path, state: "included", ...rest, sha256: to0x(sha256), seconds };
    if (options.json) process.stdout.write(`${JSON.stringify(said)}\n`);
    else
      process.stdout.write(
        `${said.id}${inputs.length > 1 ? `  ${input.path}` : ""}\n${said.bytes} bytes published in ${seconds.toFixed(1)} s\n`,
      );
  }
}

type PutResult = Written & { reused: number };

async function putOne(
  input: Input,
  objectBytes: number,
  options: PutOptions,
  progress: ReturnType<typeof createProgress>,
): Promise<PutResult> {
  const { rpc, namespace, expiry } = options;
  const query = `${namespace === undefined ? "" : `&namespace=${namespace}`}${expiry === undefined ? "" : `&expiry=${expiry}`}`;
  const place = input.path === "-" ? "-" : realpathSync(input.path);
  const journal = openJournal([rpc, place, objectBytes, query].join("\n"));
  const sink = nodeSink(rpc, objectBytes, query, journal, progress.say);
  let far: WriteProgress = { objects: 0, bytes: 0 };
  const describe = (seconds: number) => {
    const of = input.bytes === undefined ? "" : ` of ${input.bytes}`;
    const reused = sink.reused() === 0 ? "" : `, ${sink.reused()} of them before`;
    const next = sink.underWay();
    const underWay = next === "" ? "" : `, next: ${next}`;
    const waits = sink.waitsFor();
    return `publishing ${input.path} at ${rpc}: ${far.bytes}${of} bytes in ${far.objects} objects${reused}${underWay} ... ${waits ?? `${seconds} s`}`;
  };
  const write = (data: AsyncIterable<Bytes>, facts: FileFacts) =>
    writeFile(sink, data, facts, (now) => {
      const last = input.files === undefined || facts.kind === "directory";
      if (last && now.id !== undefined && far.id === undefined && now.objects > 0) progress.say(`${input.path} will be ${to0x(now.id)}`);
      far = now;
    });
  const work = async (): Promise<Written> => {
    if (input.files !== undefined) return putDirectory(input, write);
    const many = (input.bytes ?? 0) > objectBytes;
    return write(input.open(), { name: options.name ?? (many ? input.name : undefined), contentType: options.type });
  };
  const written = await progress.during(describe, work());
  journal.end();
  return { ...written, reused: sink.reused() };
}

const SOME_ID: Hash = new Uint8Array(32).fill(1);

/** All files are one, joined in the order of their paths, so that small ones share objects; the listing says where each lies. */
async function putDirectory(input: Input, write: (data: AsyncIterable<Bytes>, facts: FileFacts) => Promise<Written>): Promise<Written> {
  const { files = [], name } = input;
  // what no listing can say is refused before anything is published
  encodeListing(files.map(({ path, bytes }) => ({ path, bytes, id: bytes === 0 ? ZERO_HASH : SOME_ID, offset: 0 })));
  const empty = { id: ZERO_HASH, objects: 0, bytes: 0 };
  const content = files.some((x) => x.bytes > 0) ? await write(input.open(), {}) : empty;
  let offset = 0;
  const listed = files.map(({ path, bytes }) => {
    const at = offset;
    offset += bytes;
    return bytes === 0 ? { path, bytes, id: ZERO_HASH as Hash, offset: 0 } : { path, bytes, id: content.id, offset: at };
  });
  const listing = encodeListing(listed);
  const directory = await write(once(listing), { kind: "directory", name });
  return { ...directory, bytes: content.bytes, objects: content.objects + directory.objects };
}

async function* once(bytes: Bytes): AsyncIterable<Bytes> {
  if (bytes.length > 0) yield bytes;
}
