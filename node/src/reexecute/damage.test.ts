import { to0x } from "@noema/core/bytes";
import { createMemoryStore } from "@noema/core/testing/memory-store";
import { decodeSlim, encodeSlim } from "@noema/execution/state/account";
import { accountKey } from "@noema/execution/state/keys";
import { ACCOUNTS } from "@noema/execution/tables";
import { signedTx, startChain, testAddress } from "@noema/execution/testing/chain";
import { expect, it } from "vitest";
import { compareStates } from "./damage.ts";

/** A chain whose account 0 sends one wei in each block. */
async function chainOf(blocks: number) {
  const chain = await startChain();
  for (let height = 1; height <= blocks; height++)
    await chain.service.execute(chain.input(height, [signedTx(0, { nonce: BigInt(height - 1), to: testAddress(9), value: 1n })]));
  return chain.kv;
}

it("finds nothing where nothing is damaged, also when the new state is ahead", async () => {
  const [old, made] = [await chainOf(2), await chainOf(4)];
  expect(compareStates(old.snapshot(), made.snapshot())).toEqual({ count: 0, shown: [] });
});

it("names a value that is another, one that is missing and one too many", async () => {
  const [old, made] = [await chainOf(2), await chainOf(4)];
  const [changed, gone, extra] = [1, 9, 77].map((i) => accountKey(testAddress(i))) as [Uint8Array, Uint8Array, Uint8Array];
  const record = decodeSlim(old.snapshot().get(ACCOUNTS, changed) as Uint8Array);
  const planted = encodeSlim({ ...record, balance: record.balance + 1n });
  await old.write(
    [
      { table: ACCOUNTS, key: changed, value: planted },
      { table: ACCOUNTS, key: gone, value: null },
      { table: ACCOUNTS, key: extra, value: planted },
    ],
    true,
  );
  const damage = compareStates(old.snapshot(), made.snapshot());
  expect(damage?.count).toBe(3);
  for (const [key, words] of [
    [changed, `${to0x(planted)} instead of 0x`],
    [gone, "nothing instead of 0x"],
    [extra, `${to0x(planted)} instead of nothing`],
  ] as const)
    expect(damage?.shown.find((line) => line.includes(to0x(key)))).toContain(words);
});

it("does not compare what it cannot", async () => {
  expect(compareStates((await chainOf(4)).snapshot(), (await chainOf(2)).snapshot())).toBeUndefined();
  expect(compareStates(createMemoryStore().snapshot(), (await chainOf(2)).snapshot())).toBeUndefined();
});
