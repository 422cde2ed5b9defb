import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Validator } from "./ports/signing.ts";
import { bitmapIndexes, bitmapOf, isMoreThanThird, isQuorum, smallestQuorum, weightOf } from "./quorum.ts";
import { createValidatorSet } from "./validator-set.ts";

function member(i: number, weight: bigint): Validator {
  return { publicKey: new Uint8Array(48).fill(i), weight, feeAddress: new Uint8Array(20).fill(i) };
}

describe("quorum", () => {
  it("is more than two thirds, exactly", () => {
    expect([isQuorum(2n, 3n), isQuorum(3n, 3n), isQuorum(66n, 99n), isQuorum(67n, 99n), isQuorum(0n, 0n)]).toEqual([
      false,
      true,
      false,
      true,
      false,
    ]);
    expect([isMoreThanThird(1n, 3n), isMoreThanThird(2n, 3n), isMoreThanThird(33n, 99n), isMoreThanThird(34n, 99n)]).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  it("needs as many members as weigh it, the heaviest first", () => {
    const needed = (...weights: bigint[]) =>
      smallestQuorum(
        createValidatorSet(
          0,
          weights.map((weight, i) => member(i, weight)),
        ),
      );
    expect([needed(1n, 1n, 1n, 1n), needed(1n, 1n, 10n, 1n), needed(1n), needed(2n, 2n, 2n)]).toEqual([3, 1, 1, 3]);
  });

  it("counts weight, not heads: three of four heads are none when the fourth has the stake", () => {
    const set = createValidatorSet(
      0,
      [1n, 1n, 1n, 10n].map((weight, i) => member(i, weight)),
    );
    expect(isQuorum(weightOf(set, [0, 1, 2]), set.total)).toBe(false);
    expect(isQuorum(weightOf(set, [3]), set.total)).toBe(true);
    // the rule by heads would say the opposite of both
    expect([isQuorum(3n, 4n), isQuorum(1n, 4n)]).toEqual([true, false]);
  });

  it("is exact where doubles are not", () => {
    const third = 10n ** 18n;
    expect(isQuorum(2n * third, 3n * third)).toBe(false);
    expect(isQuorum(2n * third + 1n, 3n * third)).toBe(true);
  });

  it("two quorums share more than a third: by arithmetic", () => {
    const weight = fc.bigInt(1n, 10n ** 18n);
    fc.assert(
      fc.property(fc.array(fc.tuple(weight, fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 20 }), (members) => {
        const sum = (keep: (m: (typeof members)[number]) => boolean) => members.filter(keep).reduce((s, [w]) => s + w, 0n);
        const total = sum(() => true);
        if (
          isQuorum(
            sum((m) => m[1]),
            total,
          ) &&
          isQuorum(
            sum((m) => m[2]),
            total,
          )
        )
          expect(
            isMoreThanThird(
              sum((m) => m[1] && m[2]),
              total,
            ),
          ).toBe(true);
      }),
    );
  });
});

describe("bitmap", () => {
  it("goes both ways", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.uniqueArray(fc.nat(199)), (members, some) => {
        const indexes = some.filter((i) => i < members).sort((a, b) => a - b);
        expect(bitmapIndexes(bitmapOf(indexes, members), members)).toEqual(indexes);
      }),
    );
    expect([...bitmapOf([0, 9], 10)]).toEqual([1, 2]);
    expect(() => bitmapOf([10], 10)).toThrow(RangeError);
  });

  it("refuses trailing bits and other lengths", () => {
    expect(bitmapIndexes(Uint8Array.of(0b0000_1111), 4)).toEqual([0, 1, 2, 3]);
    expect(bitmapIndexes(Uint8Array.of(0b0001_0000), 4)).toBeUndefined();
    expect(bitmapIndexes(Uint8Array.of(0), 9)).toBeUndefined();
    expect(bitmapIndexes(Uint8Array.of(0, 0, 0), 9)).toBeUndefined();
  });
});

describe("validator set", () => {
  it("does not depend on the order it is given in, and its hash covers every field but the epoch", () => {
    const members = [3n, 1n, 2n].map((weight, i) => member(i, weight));
    const set = createValidatorSet(1, members);
    expect(createValidatorSet(2, [...members].reverse())).toEqual({ ...set, epoch: 2 });
    expect(set.total).toBe(6n);
    const other = (change: Partial<Validator>) => createValidatorSet(1, [{ ...member(0, 3n), ...change }, ...members.slice(1)]).hash;
    expect(other({})).toEqual(set.hash);
    for (const change of [{ weight: 4n }, { feeAddress: new Uint8Array(20).fill(9) }, { publicKey: new Uint8Array(48).fill(9) }])
      expect(other(change)).not.toEqual(set.hash);
    expect(createValidatorSet(0, [member(0, 2n ** 60n)]).hash).not.toEqual(createValidatorSet(0, [member(0, 2n ** 60n + 1n)]).hash);
  });
});
