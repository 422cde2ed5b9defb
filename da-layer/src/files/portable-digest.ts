/** sha256 of a stream where there is no node:crypto: a browser's own takes no stream, and is there for secure origins only. */
import { sha256 } from "@noble/hashes/sha2.js";
import type { Digest } from "./write-file.ts";

export function createPortableDigest(): Digest {
  return sha256.create();
}
