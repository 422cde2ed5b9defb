/** Hashes and recovery for @ethereumjs/common's customCrypto: WASM keccak, node:crypto's sha256, native secp256k1 (asserted). */
import { createRequire } from "node:module";
import type { CustomCrypto } from "@ethereumjs/common";
import { keccak256, sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { createPointEvaluation } from "./kzg.ts";

type Secp256k1 = { ecdsaRecover(signature: Bytes, recovery: number, message: Bytes, compressed: boolean): Bytes };

// The package's own entry falls back silently to JavaScript, 40 times slower; the binding alone throws where it is missing.
const secp256k1 = createRequire(import.meta.url)("secp256k1/bindings.js") as Secp256k1;

/** 64-byte public key. `v` is a parity, 27 or 28, or EIP-155's form of `chainId`. Throws when no key fits. */
function ecrecover(hash: Bytes, v: bigint, r: Bytes, s: Bytes, chainId?: bigint): Bytes {
  const parity = v === 0n || v === 1n ? v : chainId === undefined ? v - 27n : v - (chainId * 2n + 35n);
  if (parity !== 0n && parity !== 1n) throw new Error("invalid signature v value");
  const signature = new Uint8Array(64);
  signature.set(r, 32 - r.length);
  signature.set(s, 64 - s.length);
  return secp256k1.ecdsaRecover(signature, Number(parity), hash, false).slice(1);
}

export const customCrypto: CustomCrypto = { keccak256, sha256: (data) => sha256(data), ecrecover, kzg: createPointEvaluation() };
