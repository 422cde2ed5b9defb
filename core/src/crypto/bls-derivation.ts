/** A tree of BLS secret keys over one seed (EIP-2333), walked by index. */
import * as blst from "@chainsafe/blst";
import { coreError } from "../errors.ts";
import type { Bytes } from "../ports/bytes.ts";

const MIN_SEED_BYTES = 32;

/** 32 bytes. `path`: indexes below the master key, each under 2^32. Throws KEY_INVALID for a seed of less than 32 bytes. */
export function deriveSecretKey(seed: Bytes, path: readonly number[]): Bytes {
  if (seed.length < MIN_SEED_BYTES) throw coreError("KEY_INVALID", `a seed of ${seed.length} bytes; at least ${MIN_SEED_BYTES} are needed`);
  const master = blst.SecretKey.deriveMasterEip2333(seed);
  return path.reduce((key, index) => key.deriveChildEip2333(index), master).toBytes();
}
