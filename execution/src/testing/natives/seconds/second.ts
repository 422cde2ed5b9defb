/**
 * Second implementations that take microseconds where the library's take milliseconds: mcl's G1 of BN254, OpenSSL's ECDSA on P-256;
 * and of what has no such implementation, inputs made so that the result is known (known.ts).
 */
import type { SeededRandom } from "@noema/core/testing/seeded-random";
import { inputsOf } from "../inputs.ts";
import type { Precompile } from "../reference.ts";
import { addition, multiplication } from "./bn254-g1.ts";
import type { Second } from "./known.ts";
import { openings } from "./openings.ts";
import { p256 } from "./p256.ts";
import { pairings } from "./pairings.ts";
import { sums } from "./sums.ts";

type Make = (random: SeededRandom, library: Precompile) => Second;

/** By address; the rest meets the library itself. */
export const SECONDS: ReadonlyMap<number, Make> = new Map<number, Make>([
  [0x06, (random) => ({ reference: addition, make: inputsOf(0x06, random) })],
  [0x07, (random) => ({ reference: multiplication, make: inputsOf(0x07, random) })],
  [0x08, (random, library) => pairings(random, "bn254", library)],
  [0x0a, openings],
  [0x0c, (random, library) => sums(random, "G1", library)],
  [0x0e, (random, library) => sums(random, "G2", library)],
  [0x0f, (random, library) => pairings(random, "bls12-381", library)],
  [0x100, p256],
]);
