import { describe, expect, it } from "vitest";
import { createDraw } from "../../testing/draw.ts";
import { scale } from "./requantise.ts";

/** Round-half-up of acc * M / 2^(16 + r), in integers without bound. */
function exact(acc: number, multiplier: number, shift: number): bigint {
  const half = 1n << BigInt(15 + shift);
  return (BigInt(acc) * BigInt(multiplier) + half) >> BigInt(16 + shift);
}

const EDGES = [
  0,
  1,
  -1,
  2,
  -2,
  0xffff,
  0x10000,
  -0xffff,
  -0x10000,
  0x7fff,
  -0x8000,
  2 ** 31 - 1,
  -(2 ** 31),
  2 ** 30,
  -(2 ** 30),
  12_345_678,
];
const MULTIPLIERS = [0, 1, 2, 3, 0x3fff, 0x4000, 0x4001, 0x7ffe, 0x7fff];

describe("requantisation", () => {
  it("is round-half-up of acc * M / 2^(16 + r) on every edge and every r", () => {
    for (let r = 1; r <= 31; r++)
      for (const m of MULTIPLIERS)
        for (const edge of EDGES)
          for (const acc of [edge, (edge + 1) | 0, (edge - 1) | 0]) expect(BigInt(scale(acc, m, r))).toBe(exact(acc, m, r));
  });

  it("is the same on 300,000 random cases (seed 7)", () => {
    const draw = createDraw(7);
    let wrong = 0;
    for (let i = 0; i < 300_000; i++) {
      const acc = (draw(0, 2 ** 32 - 1) | 0) >> draw(0, 24);
      const [m, r] = [draw(0, 2 ** 15 - 1), draw(1, 31)];
      if (BigInt(scale(acc, m, r)) !== exact(acc, m, r)) wrong++;
    }
    expect(wrong).toBe(0);
  });

  it("negative control: truncation instead of rounding differs", () => {
    const truncated = (acc: number, m: number, r: number) => Number((BigInt(acc) * BigInt(m)) >> BigInt(16 + r));
    expect(scale(3 << 15, 2, 1)).not.toBe(truncated(3 << 15, 2, 1));
  });
});
