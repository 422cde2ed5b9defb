/** What is wrong with an opening before its proof is: numbers and points of a form that is refused. */
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { bytesToBigInt } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { SeededRandom } from "@noema/core/testing/seeded-random";
import { element, pick, word } from "../bytes.ts";
import { curveGroup } from "../curve-group.ts";
import { flipped } from "./faults.ts";
import { strangers } from "./strangers.ts";

const ORDER = bls12_381.fields.Fr.ORDER;
const MODULUS = bls12_381.fields.Fp.ORDER;

/** Changes one of z, y, commitment and proof. */
export function openingFault(random: SeededRandom): (parts: Bytes[]) => Bytes[] {
  const group = curveGroup("bls12-381", "G1");
  const outside = strangers(random, group).map((point) => compressed(group.encode(point)));
  /** Compressed, infinite, the larger y: in any combination. */
  const flagged = (bytes: Bytes): Bytes => {
    const out = bytes.slice();
    out[0] = (out[0]! & 0x1f) | (random.integer(8) << 5);
    return out;
  };
  const points: ((point: Bytes) => Bytes)[] = [
    () => pick(random, outside),
    () => pick(random, outside),
    flagged,
    () => flagged(element(random, MODULUS, 48)),
    () => flagged(new Uint8Array(48)),
    (point) => flipped(random, point),
  ];
  return (parts) => {
    const at = random.integer(4);
    const notReduced = (number: Bytes) =>
      word(random.chance(0.7) ? (bytesToBigInt(number) % ORDER) + ORDER : pick(random, [ORDER, (1n << 256n) - 1n]));
    return parts.map((part, i) => (i !== at ? part : i < 2 ? notReduced(part) : pick(random, points)(part)));
  };
}

/** x, and whether y is the larger of two; noble's own refuses what is not of the subgroup. */
function compressed(point: Bytes): Bytes {
  const out = point.slice(16, 64);
  out[0] = out[0]! | (2n * bytesToBigInt(point.subarray(64)) > MODULUS ? 0xa0 : 0x80);
  return out;
}
