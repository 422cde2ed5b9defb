/** Points of G1 and G2 in the EVM's encodings: affine coordinates, big-endian, all zero for infinity. */
import type { Bytes } from "@noema/core/ports/bytes";
import { FP, G1, G2, type Mcl } from "./mcl.ts";

/** What bytes are: only of the first two may anything be computed. */
export type Point = "finite" | "infinity" | "not in field" | "not on curve";

export type Group = {
  size: number;
  /** Bytes of a point outside. */
  bytes: number;
  /** On the curve and in the field; whether in the subgroup is not asked. */
  read(out: number, data: Bytes, at: number): Point;
  write(point: number): Bytes;
  add(out: number, a: number, b: number): void;
};

export function groupOne(mcl: Mcl): Group {
  const element = mcl.width;
  return {
    size: G1,
    bytes: 2 * element,
    read(out, data, at) {
      if (isZero(data, at, 2 * element)) {
        mcl._mclBnG1_clear(out);
        return "infinity";
      }
      if (!mcl.readFp(out, data, at) || !mcl.readFp(out + FP, data, at + element)) return "not in field";
      mcl.heap().copyWithin(out + 2 * FP, mcl.one, mcl.one + FP);
      return mcl._mclBnG1_isValid(out) === 1 ? "finite" : "not on curve";
    },
    write(point) {
      const out = new Uint8Array(2 * element);
      if (mcl._mclBnG1_isZero(point) === 1) return out;
      mcl._mclBnG1_normalize(point, point);
      mcl.writeFp(out, 0, point);
      mcl.writeFp(out, element, point + FP);
      return out;
    },
    add: mcl._mclBnG1_add,
  };
}

/** `order`: where x.c0, x.c1, y.c0 and y.c1 stand, in coordinates. */
export function groupTwo(mcl: Mcl, order: readonly [number, number, number, number]): Group {
  const element = mcl.width;
  return {
    size: G2,
    bytes: 4 * element,
    read(out, data, at) {
      if (isZero(data, at, 4 * element)) {
        mcl._mclBnG2_clear(out);
        return "infinity";
      }
      for (let i = 0; i < 4; i++) if (!mcl.readFp(out + i * FP, data, at + (order[i] as number) * element)) return "not in field";
      mcl.heap().copyWithin(out + 4 * FP, mcl.one, mcl.one + FP);
      mcl._mclBnFp_clear(out + 5 * FP);
      return mcl._mclBnG2_isValid(out) === 1 ? "finite" : "not on curve";
    },
    write(point) {
      const out = new Uint8Array(4 * element);
      if (mcl._mclBnG2_isZero(point) === 1) return out;
      mcl._mclBnG2_normalize(point, point);
      for (let i = 0; i < 4; i++) mcl.writeFp(out, (order[i] as number) * element, point + i * FP);
      return out;
    },
    add: mcl._mclBnG2_add,
  };
}

function isZero(data: Bytes, at: number, length: number): boolean {
  for (let i = at; i < at + length; i++) if (data[i] !== 0) return false;
  return true;
}
