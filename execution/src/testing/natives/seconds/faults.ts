/** What is wrong with bytes that should be a point: one fault, each of which a rule names. */
import { bigIntToBytes, bytesToBigInt, concatBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { SeededRandom } from "@noema/core/testing/seeded-random";
import { element, pick } from "../bytes.ts";
import type { CurveGroup } from "../curve-group.ts";
import { strangers } from "./strangers.ts";

export type Fault = (point: Bytes) => Bytes;

/** Seldom the point stays one: what a bit makes of its coordinate may be on the curve. */
export function pointFault(random: SeededRandom, group: CurveGroup): Fault {
  const { coordinates, encode, modulus, pad, width } = group;
  const outside = strangers(random, group).map(encode);
  const step = pad + width;
  const replaced = (point: Bytes, change: (coordinate: Bytes) => Bytes) => {
    const at = random.integer(coordinates) * step;
    const out = point.slice();
    out.set(change(point.subarray(at, at + step)), at);
    return out;
  };
  const faults: Fault[] = [
    // not below the modulus, and the same number modulo it
    (point) =>
      replaced(point, (c) =>
        bigIntToBytes((bytesToBigInt(c.subarray(pad)) + modulus * BigInt(1 + random.integer(3))) % (1n << BigInt(8 * step)), step),
      ),
    (point) => replaced(point, () => concatBytes(new Uint8Array(pad), element(random, modulus, width))),
    (point) => replaced(point, (c) => new Uint8Array(c.length)),
    (point) => (random.chance(0.5) ? point.slice().fill(0, point.length / 2) : point.slice().fill(0, 0, point.length / 2)),
    (point) => concatBytes(point.subarray(step), point.subarray(0, step)), // coordinates in another order
    (point) => new Uint8Array(point.length).fill(255),
    (point) => flipped(random, point),
  ];
  if (pad > 0) faults.push((point) => replaced(point, (c) => flipped(random, c, pad)));
  return (point) => (outside.length > 0 && random.chance(0.4) ? pick(random, outside).slice() : pick(random, faults)(point));
}

/** A bit of the first `of` bytes. */
export function flipped(random: SeededRandom, bytes: Bytes, of = bytes.length): Bytes {
  const out = bytes.slice();
  out[random.integer(of)]! ^= 1 << random.integer(8);
  return out;
}

/** An end too early, too late, or none. */
export function lengthFault(random: SeededRandom, data: Bytes): Bytes {
  const kind = random.integer(4);
  if (kind === 0) return data.slice(0, random.integer(data.length));
  if (kind === 1) return concatBytes(data, random.bytes(1 + random.integer(40)));
  return kind === 2 ? new Uint8Array(random.integer(data.length)) : data.slice(0, -1);
}

/** One of them spoiled, now and then a second: which is named? */
export function withFaults<T>(random: SeededRandom, items: readonly T[], spoil: (item: T) => T): T[] {
  const out = [...items];
  for (let faults = random.chance(0.3) ? 2 : 1; faults > 0; faults--) {
    const at = random.integer(out.length);
    out[at] = spoil(out[at] as T);
  }
  return out;
}
