import fc from "fast-check";
import { expect, it } from "vitest";
import { testPayload } from "../testing/blob.ts";
import { codePoint, combinations, domainSize, maxSlots, slotPoint, systematicCombination } from "./code-points.ts";
import { packPayload, ROW_BYTES, ROW_PAYLOAD, unpackRow } from "./elements.ts";
import { inverse, inverses, mod, P, power, rootOfUnity } from "./field/scalars.ts";
import { decodeRows, extendRows } from "./row-code.ts";

const element = fc.bigInt({ min: 0n, max: P - 1n });

it("inverts, one by one and all at once", () => {
  fc.assert(
    fc.property(
      fc.array(
        element.filter((x) => x > 0n),
        { minLength: 1, maxLength: 20 },
      ),
      (xs) => {
        expect(
          inverses(xs)
            .map((inv, i) => (inv * xs[i]!) % P)
            .every((one) => one === 1n),
        ).toBe(true);
        expect(inverse(xs[0]!)).toBe(inverses(xs)[0]);
      },
    ),
    { numRuns: 20 },
  );
  expect(() => inverse(P)).toThrow(RangeError);
  expect(power(rootOfUnity(4096), 4096n)).toBe(1n);
  expect(power(rootOfUnity(4096), 2048n)).toBe(P - 1n);
});

it("gives every slot a point of its own, apart from the zero points", () => {
  for (const R of [1, 2, 3, 5, 24, 32, 33]) {
    const n = domainSize(R);
    const points = new Set(Array.from({ length: 5 * n }, (_, s) => slotPoint(s, R)));
    expect(points.size).toBe(5 * n);
    for (let i = R; i < n; i++) expect(points.has(codePoint(i, n))).toBe(false);
  }
  expect([domainSize(1), domainSize(24), domainSize(32), domainSize(33)]).toEqual([1, 32, 32, 64]);
  expect([maxSlots(24), maxSlots(32)]).toEqual([4088, 4096]);
});

/** A column of the code, one value a slot. */
function column(values: bigint[], N: number): bigint[] {
  return Array.from({ length: N }, (_, s) => systematicCombination(s, values.length).reduce((sum, c, i) => mod(sum + c * values[i]!), 0n));
}

function* subsets(N: number, R: number, from = 0): Generator<number[]> {
  if (R === 0) yield [];
  else for (let s = from; s <= N - R; s++) for (const rest of subsets(N, R - 1, s + 1)) yield [s, ...rest];
}

it("decodes from every R-subset of small codes", () => {
  for (const [R, N] of [
    [1, 4],
    [2, 6],
    [3, 9],
    [4, 9],
  ] as const) {
    const values = Array.from({ length: R }, (_, i) => mod(BigInt(i + 3) ** 9n));
    const code = column(values, N);
    for (const slots of subsets(N, R)) {
      const targets = Array.from({ length: R + 1 }, (_, t) => t).filter((t) => !slots.includes(t));
      const lists = combinations(slots, targets, R);
      for (const [i, c] of lists.entries()) expect(slots.reduce((sum, s, k) => mod(sum + c[k]! * code[s]!), 0n)).toBe(code[targets[i]!]);
    }
  }
});

it("decodes from random R-subsets at R = 24 and 32", () => {
  fc.assert(
    fc.property(fc.constantFrom(24, 32), fc.integer(), (R, seed) => {
      const values = Array.from({ length: R }, (_, i) => mod(BigInt(seed) * 7919n + BigInt(i) ** 5n));
      const order = Array.from({ length: 3 * R }, (_, s) => s).sort(
        (a, b) =>
          Number(mod(BigInt(a) * 999_983n + BigInt(seed)) % 101n) - Number(mod(BigInt(b) * 999_983n + BigInt(seed)) % 101n) || a - b,
      );
      const slots = order.slice(0, R);
      const code = column(values, 3 * R);
      const target = order[R]!;
      const [c] = combinations(slots, [target], R) as [bigint[]];
      expect(slots.reduce((sum, s, k) => mod(sum + c[k]! * code[s]!), 0n)).toBe(code[target]);
    }),
    { numRuns: 6, seed: 42 },
  );
});

it("fewer than R slots, or one twice, are refused", () => {
  expect(() => combinations([0, 1], [5], 3)).toThrow(RangeError);
  expect(() => combinations([0, 1, 1], [5], 3)).toThrow(RangeError);
  expect(() => decodeRows(new Map([[0, new Uint8Array(ROW_BYTES)]]), 2)).toThrow(RangeError);
});

it("rebuilds rows from parity alone, from a mix, and takes systematic rows as they are", () => {
  const data = packPayload(testPayload(2 * ROW_PAYLOAD + 1000));
  const all = [...data, ...extendRows(data, 9)];
  for (const slots of [
    [3, 4, 5],
    [6, 7, 8],
    [0, 5, 8],
    [1, 2, 3],
    [0, 1, 2],
  ])
    expect(decodeRows(new Map(slots.map((s) => [s, all[s]!])), 3)).toEqual(data);
});

it("packs 31 bytes an element and unpacks what it packed, at every edge", () => {
  for (const bytes of [0, 1, 30, 31, 32, ROW_PAYLOAD - 1, ROW_PAYLOAD, ROW_PAYLOAD + 1]) {
    const payload = testPayload(bytes);
    const rows = packPayload(payload);
    expect(rows.length).toBe(Math.max(1, Math.ceil(bytes / ROW_PAYLOAD)));
    expect(Buffer.compare(Buffer.concat(rows.map((r, i) => unpackRow(r, i, bytes)!)), payload)).toBe(0);
  }
});

it("a top byte or padding that is not zero breaks the payload convention", () => {
  const [row] = packPayload(testPayload(100)) as [Uint8Array];
  for (const at of [0, 32, ROW_BYTES - 32, ROW_BYTES - 1, 120]) {
    const bad = new Uint8Array(row);
    bad[at] = 1;
    expect(unpackRow(bad, 0, 100)).toBeUndefined();
  }
});
