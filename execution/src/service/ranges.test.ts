/** What a number's state holds and what changed, on a chain that goes on. */
import { blockNumber } from "@noema/core/block-number";
import { bigIntToBytes, compareBytes, fromHex, to0x } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import { expect, it } from "vitest";
import { COINBASE, signedTx, startChain, testAddress } from "../testing/chain.ts";
import { INSTANT, setInput } from "../testing/operations.ts";

const WHO = fromHex(`0x${"c0".repeat(20)}`);
const word = (n: number) => bigIntToBytes(BigInt(n), 32);
const FIRST = new Uint8Array(32);

it("slots of a number stay what they were, in the order of hashes, a page at a time", async () => {
  const { service, input } = await startChain({ genesis: INSTANT });
  const set = (from: number, count: number, value: number) =>
    setInput({ address: WHO, slots: Array.from({ length: count }, (_, i) => ({ key: word(from + i), value: word(value) })) });
  const tx = (nonce: bigint) => signedTx(0, { nonce, to: "0x00000000000000000000000000000000000000dd", value: 1n });
  await service.execute(input(1, [tx(0n)], [set(0, 20, 7)]));
  await service.execute(input(2, [tx(1n)], [set(5, 10, 0), set(30, 5, 9)]));
  const at = async (number: number, limit = 100) => {
    const found: [number, bigint][] = [];
    let from: Uint8Array | undefined = FIRST;
    while (from !== undefined) {
      const page: Awaited<ReturnType<typeof service.storageRange>> = await service.storageRange(blockNumber(number), WHO, from, limit);
      expect(page.slots.length).toBeLessThanOrEqual(limit);
      for (const { hash, key } of page.slots) expect(compareBytes(keccak256(key), hash)).toBe(0);
      found.push(...page.slots.map(({ key, value }): [number, bigint] => [Number(BigInt(to0x(key))), value]));
      from = page.next;
    }
    return found;
  };
  const once = await at(1);
  expect(Object.fromEntries(once)).toEqual(Object.fromEntries(Array.from({ length: 20 }, (_, i) => [i, 7n])));
  expect(await at(1, 3)).toEqual(once);
  const twice = Object.fromEntries(await at(2, 4));
  expect(Object.keys(twice).map(Number)).toEqual([0, 1, 2, 3, 4, 15, 16, 17, 18, 19, 30, 31, 32, 33, 34]);
  expect(twice[34]).toBe(9n);
  expect(await at(0)).toEqual([]);
});

it("names the accounts that two numbers differ in, and no others", async () => {
  const { service, input } = await startChain({ genesis: INSTANT });
  const tx = (by: number, nonce: bigint) => signedTx(by, { nonce, to: to0x(WHO) as `0x${string}`, value: 1n });
  await service.execute(input(1, [tx(0, 0n)]));
  await service.execute(input(2, [tx(1, 0n)], [setInput({ address: testAddress(2), balance: 5n })]));
  await service.execute(input(3, [], [setInput({ address: testAddress(2), balance: 10n ** 21n })])); // as it was
  const ring = "0x0000f90827f1c53a10cb7a02335b175320002935";
  const beacon = "0x000f3df6d732807ef1319fb7b8bb8522d0beac02";
  const between = async (from: number, to: number) =>
    (await service.changedBetween(blockNumber(from), blockNumber(to), 100))
      .map(to0x)
      .filter((x) => x !== ring && x !== beacon)
      .sort();
  const names = (...addresses: Uint8Array[]) => addresses.map(to0x).sort();
  expect(await between(0, 1)).toEqual(names(testAddress(0), WHO, COINBASE));
  expect(await between(1, 2)).toEqual(names(testAddress(1), WHO, COINBASE));
  expect(await between(0, 2)).toEqual(names(testAddress(0), testAddress(1), WHO, COINBASE));
  await expect(service.changedBetween(blockNumber(0), blockNumber(2), 2)).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
});

it("names a code that is or was", async () => {
  const { service, input } = await startChain({ genesis: INSTANT });
  const code = fromHex("0x60015f5500");
  await service.execute(input(1, [], [setInput({ address: WHO, code })]));
  await service.execute(input(2, [], [setInput({ address: WHO, code: new Uint8Array(0) })]));
  expect(await service.codeOf(keccak256(code))).toEqual(code);
  expect(await service.codeOf(keccak256(word(1)))).toBeUndefined();
});
