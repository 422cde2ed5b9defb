import { blockNumber } from "@noema/core/block-number";
import { toHex } from "@noema/core/bytes";
import fc from "fast-check";
import { expect, it } from "vitest";
import { startChain, testAddress } from "../testing/chain.ts";
import { setInput } from "../testing/operations.ts";
import { CONTROL_ACCOUNTS, type WritableSlots } from "./control-slots.ts";
import { isImpersonated, readKept, readNext, readSnapshot, writeImpersonated, writeKept, writeNext, writeSnapshot } from "./controls.ts";

function slots(): WritableSlots & { size(): number } {
  const map = new Map<string, Uint8Array>();
  const id = (address: Uint8Array, key: Uint8Array) => toHex(address) + toHex(key);
  return {
    slot: (address, key) => map.get(id(address, key)) ?? new Uint8Array(0),
    setSlot: (address, key, value) => void (value.length === 0 ? map.delete(id(address, key)) : map.set(id(address, key), value)),
    size: () => map.size,
  };
}

const u64 = fc.bigInt(0n, 2n ** 64n - 1n);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const bytes = (n: number) => fc.uint8Array({ minLength: n, maxLength: n });

const next = fc.record({
  offsetMs: fc.bigInt(-(2n ** 80n), 2n ** 80n),
  timestamp: optional(u64),
  baseFee: optional(fc.bigInt(0n, 2n ** 128n)),
  prevRandao: optional(fc.oneof(bytes(32), fc.constant(new Uint8Array(32)))),
  timestampInterval: optional(u64),
  coinbase: optional(fc.oneof(bytes(20), fc.constant(new Uint8Array(20)))),
  gasLimit: optional(u64),
});
const kept = fc.record({
  mining: optional(fc.record({ every: fc.boolean(), auto: fc.boolean(), intervalMs: fc.maxSafeNat() })),
  nextSnapshot: fc.maxSafeNat(),
  resets: fc.nat(),
  autoImpersonate: fc.boolean(),
});
const snapshot = fc.record({ height: fc.maxSafeNat(), clockMs: fc.bigInt(0n, 2n ** 96n - 1n) });

it("gives back what was written, and nothing is left of what is taken away", () => {
  fc.assert(
    fc.property(next, kept, snapshot, snapshot, bytes(20), (a, b, one, other, address) => {
      const at = slots();
      writeNext(at, a);
      writeKept(at, b);
      writeSnapshot(at, 0, one);
      writeSnapshot(at, 300, other);
      writeImpersonated(at, address, true);
      expect([readNext(at), readKept(at)]).toEqual([a, b]);
      expect([readSnapshot(at, 0), readSnapshot(at, 300), readSnapshot(at, 1)]).toEqual([one, other, undefined]);
      expect([isImpersonated(at, address), isImpersonated(at, testAddress(0))]).toEqual([true, false]);
      writeSnapshot(at, 0, undefined);
      expect([readSnapshot(at, 0), readSnapshot(at, 300)]).toEqual([undefined, other]);
      writeSnapshot(at, 300, undefined);
      writeImpersonated(at, address, false);
      writeNext(at, { offsetMs: 0n });
      writeKept(at, { nextSnapshot: 0, resets: 0, autoImpersonate: false });
      expect(at.size()).toBe(0);
    }),
  );
});

it("a development chain begins with both accounts, another without, and no operation sets them", async () => {
  const { service, input } = await startChain();
  const other = await startChain({ genesis: { dev: false } });
  for (const address of CONTROL_ACCOUNTS) {
    expect((await service.account(blockNumber(0), address)).nonce).toBe(1n);
    expect((await other.service.account(blockNumber(0), address)).nonce).toBe(0n);
    const { operations } = await service.execute(input((await service.results(0, 99)).length, [], [setInput({ address, balance: 1n })]));
    expect(operations).toMatchObject([{ outcome: 3 }]);
    expect((await service.account(blockNumber(1), address)).balance).toBe(0n);
  }
});

it("tells the controls with each height of a development chain, and of no other", async () => {
  const untouched = {
    offsetMs: 0n,
    nextSnapshot: 0,
    resets: 0,
    autoImpersonate: false,
    mining: { every: true, auto: false, intervalMs: 0 },
  };
  const { service, input, reopen } = await startChain();
  expect((await service.execute(input(1))).dev).toEqual(untouched);
  expect((await service.execute(input(1))).dev).toEqual(untouched); // asked again
  expect((await (await reopen()).start()).dev).toEqual(untouched);
  const other = await startChain({ genesis: { dev: false } });
  expect((await other.service.execute(other.input(1))).dev).toBeUndefined();
});
