/** What stands beside a snapshot's files, written last. */
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { parseTable } from "@noema/core/option-table";
import * as v from "valibot";
import { readJson } from "../../files/read-json.ts";
import { snapshotError } from "./errors.ts";

export const MANIFEST = "manifest.json";
/** Execution follows consensus: its store is taken first, so that no block is missing between the two. */
export const STORES = ["state", "chain"] as const;

const MAX_MANIFEST_BYTES = 64 << 10;
const hash = v.pipe(v.string(), v.regex(/^0x[0-9a-f]{64}$/, "0x and 64 hex digits are expected"));
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const file = v.strictObject({ bytes: whole, sha256: hash });

const manifest = v.strictObject({
  snapshot: v.literal(1),
  /** Of the data directory (store/datadir-version.ts). */
  version: whole,
  genesisHash: hash,
  /** Of the newest block: final, and executed. */
  height: whole,
  executed: whole,
  oldest: whole,
  madeAt: v.string(),
  files: v.strictObject({ chain: file, state: file }),
});
export type Manifest = v.InferOutput<typeof manifest>;

/** Throws SNAPSHOT_INVALID, FILE_*. */
export function readManifest(folder: string): Manifest {
  const path = join(folder, MANIFEST);
  const fail = (fault: string) => snapshotError("SNAPSHOT_INVALID", `${path}: ${fault}`, { path });
  if (!existsSync(path)) throw fail("there is none: the snapshot was not finished, or this is none");
  if (statSync(path).size > MAX_MANIFEST_BYTES) throw fail(`it has more than ${MAX_MANIFEST_BYTES} bytes`);
  return parseTable(manifest, readJson(path), fail);
}

/** Of the file, which is read a little past `most` bytes and no farther; copied to `to` on the way, where that is said. */
export async function digest(path: string, to?: string, most = Number.POSITIVE_INFINITY): Promise<Manifest["files"]["chain"]> {
  const sha = createHash("sha256");
  let bytes = 0;
  const look = async function* (source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > most) return;
      sha.update(chunk);
      yield chunk;
    }
  };
  if (to === undefined) for await (const _ of look(createReadStream(path)));
  else await pipeline(createReadStream(path), look, createWriteStream(to, { mode: 0o600, flush: true }));
  return { bytes, sha256: `0x${sha.digest("hex")}` };
}
