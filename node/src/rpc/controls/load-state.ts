/** A dump, ours or anvil's, brought into the chain: part by part, then by one operation, whole or not at all (system-operations.md 10). */
import { concatBytes } from "@noema/core/bytes";
import type { Bytes, Hash, Height } from "@noema/core/ports/bytes";
import { fromAnvil, isAnvilDump } from "@noema/execution/dump/anvil";
import { isDump } from "@noema/execution/dump/read";
import { execError } from "@noema/execution/errors";
import { encodeChunk, MAX_CHUNK_BYTES } from "@noema/execution/system/chunk";
import { KIND } from "@noema/execution/system/kinds";
import { encodeLoad, MAX_LOAD_CHUNKS, MAX_LOAD_ENTRIES } from "@noema/execution/system/load";
import type { Ended, Operations } from "../../chain/operations.ts";
import { ended } from "./operate.ts";

/** The longest beginning by which one is known. */
const HEAD_BYTES = 12;
const MAX_BYTES = MAX_LOAD_CHUNKS * MAX_CHUNK_BYTES;

/** `stateRoot`: of the state that it is now, at that height. */
export type Loaded = { accounts: number; height: Height; stateRoot: Hash };

/** Throws DEV_DUMP_*, DEV_STAGED_FULL, DEV_RESERVED_ADDRESS, DEV_OUT_OF_RANGE, and what `submit` throws: nothing is changed then. */
export async function loadState({ submit }: Operations, file: AsyncIterable<Bytes>): Promise<Loaded> {
  const staged: Hash[] = [];
  for await (const part of parts(asDump(file))) {
    if (staged.length === MAX_LOAD_CHUNKS) throw tooLarge();
    staged.push(applied(await submit(KIND.chunk, encodeChunk(part))).id);
  }
  const end = await submit(KIND.load, encodeLoad({ staged }));
  const { height, stateRoot } = applied(end);
  return { accounts: end.value ?? 0, height, stateRoot };
}

function applied(end: Ended): NonNullable<Ended["applied"]> {
  ended(end);
  return end.applied as NonNullable<Ended["applied"]>;
}

async function* asDump(file: AsyncIterable<Bytes>): AsyncIterable<Bytes> {
  let held: Bytes[] = [];
  let bytes = 0;
  let passes = false;
  for await (const chunk of file) {
    if (passes) {
      yield chunk;
      continue;
    }
    held.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw tooLarge();
    if (bytes < HEAD_BYTES || (held.length > 1 && isAnvilDump(held[0] as Bytes))) continue;
    const head = concatBytes(...held);
    passes = isDump(head);
    if (!passes && !isAnvilDump(head)) throw execError("DEV_DUMP_MALFORMED", "it begins neither as a dump of ours nor as one of anvil's");
    held = [head];
    if (!passes) continue;
    yield head;
    held = [];
  }
  if (!passes) yield fromAnvil(concatBytes(...held), MAX_LOAD_ENTRIES);
}

async function* parts(bytes: AsyncIterable<Bytes>): AsyncIterable<Bytes> {
  let rest = new Uint8Array(0);
  for await (const chunk of bytes) {
    let joined = concatBytes(rest, chunk);
    for (; joined.length >= MAX_CHUNK_BYTES; joined = joined.subarray(MAX_CHUNK_BYTES)) yield joined.subarray(0, MAX_CHUNK_BYTES);
    rest = joined.slice();
  }
  if (rest.length > 0) yield rest;
}

function tooLarge() {
  return execError("DEV_DUMP_TOO_LARGE", `a dump that is loaded has at most ${MAX_BYTES} bytes`, { limit: MAX_BYTES });
}
