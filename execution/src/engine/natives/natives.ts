/**
 * Every precompile of Ethereum, by native code or WebAssembly, in the place of the library's JavaScript. Output, gas and error are
 * the library's (differential.test.ts); prices stand here because each is one of the forks that are known (rules/forks.ts).
 */
import type { Fork } from "../../rules/forks.ts";
import { blake2f } from "./blake2f.ts";
import * as bls from "./bls12-381-precompiles.ts";
import { bn254Add, bn254Multiply, bn254Pairing } from "./bn254.ts";
import { ecrecover } from "./ecrecover.ts";
import { identity, ripemd160, sha256 } from "./hashes.ts";
import { modexp } from "./modexp.ts";
import type { Native } from "./outcome.ts";
import { p256Verify } from "./p256.ts";
import { pointEvaluation } from "./point-evaluation.ts";

const CANCUN_KZG = 4844;
const PRAGUE_BLS = 2537;
const OSAKA_P256 = 7951;

/** By address, of the fork. */
export function nativePrecompiles(fork: Fork): ReadonlyMap<number, Native> {
  const natives = new Map<number, Native>([
    [0x01, ecrecover],
    [0x02, sha256],
    [0x03, ripemd160],
    [0x04, identity],
    [0x05, modexp(fork)],
    [0x06, bn254Add],
    [0x07, bn254Multiply],
    [0x08, bn254Pairing],
    [0x09, blake2f],
  ]);
  if (fork.eips.has(CANCUN_KZG)) natives.set(0x0a, pointEvaluation);
  if (fork.eips.has(PRAGUE_BLS)) {
    natives.set(0x0b, bls.blsG1Add);
    natives.set(0x0c, bls.blsG1MultiScalar);
    natives.set(0x0d, bls.blsG2Add);
    natives.set(0x0e, bls.blsG2MultiScalar);
    natives.set(0x0f, bls.blsPairing);
    natives.set(0x10, bls.blsMapToG1);
    natives.set(0x11, bls.blsMapToG2);
  }
  if (fork.eips.has(OSAKA_P256)) natives.set(0x100, p256Verify);
  return natives;
}
