/** What a block tells of accounts is all that it changed: whoever knew them before knows them after it. */
import { fromHex, to0x, toHex } from "@noema/core/bytes";
import { expect, it } from "vitest";
import { EMPTY_ACCOUNT } from "../state/account.ts";
import { COINBASE, signedTx, startChain, testAddress } from "../testing/chain.ts";
import { setInput } from "../testing/operations.ts";
import { packTouched, readTouched } from "./touched.ts";

const hex = (n: number) => to0x(testAddress(n)) as `0x${string}`;
/** Sends what it is given on to the address in its first word, and that it had before. */
const FORWARD_AT = "0x00000000000000000000000000000000000000c4";
const alloc = { [FORWARD_AT]: { code: "0x5f5f5f5f475f355af100", balance: "7" } };

it("keeps every value, at its bounds too", () => {
  const full = { ...EMPTY_ACCOUNT, nonce: 2n ** 64n - 1n, balance: 2n ** 256n - 1n, codeHash: new Uint8Array(32).fill(9) };
  const accounts = [full, { ...EMPTY_ACCOUNT, balance: 1n << 64n }, undefined].map((record, i) => ({ address: testAddress(i), record }));
  const read = [...readTouched(packTouched(accounts))];
  const plain = ({ nonce, balance, codeHash } = EMPTY_ACCOUNT) => ({ nonce, balance, codeHash });
  expect(read).toEqual(accounts.map(({ address, record }) => ({ address, ...plain(record) })));
});

it("an account that was known and is not told of is as it was", async () => {
  const { service, input } = await startChain({ alloc, accounts: 8 });
  const watched = [...Array(12).keys()].map(testAddress).concat(COINBASE, fromHex(FORWARD_AT));
  const known = new Map<string, unknown>();
  const plain = ({ nonce, balance, codeHash }: typeof EMPTY_ACCOUNT) => ({ nonce, balance, codeHash });
  for (const [i, record] of (await service.accounts(0, watched)).entries()) known.set(toHex(watched[i] as Uint8Array), plain(record));
  const blocks = [
    input(1, [signedTx(0, { nonce: 0n, to: hex(9), value: 5n }), signedTx(1, { nonce: 0n, to: hex(0) })]),
    input(2, [signedTx(2, { nonce: 0n, to: FORWARD_AT, value: 3n, data: `0x${"0".repeat(24)}${hex(10).slice(2)}` })]),
    input(3, [signedTx(3, { nonce: 0n, data: "0x60015f5360015ff3" }), signedTx(4, { nonce: 1n })]),
    input(4, [signedTx(5, { nonce: 4n, to: hex(1) })], [setInput({ address: testAddress(5), nonce: 4n, balance: 10n ** 18n })]),
    input(5, [signedTx(5, { nonce: 2n, to: hex(1) })], [setInput({ address: testAddress(5), nonce: 2n, code: new Uint8Array(0) })]),
    input(6),
  ];
  for (const block of blocks) {
    const { touched } = await service.execute(block);
    for (const { address, ...account } of readTouched(touched)) known.set(toHex(address), account);
    const now = await service.accounts(block.height, watched);
    for (const [i, record] of now.entries()) expect(known.get(toHex(watched[i] as Uint8Array))).toEqual(plain(record));
    expect((await service.execute(block)).touched, "asked again").toEqual(touched);
  }
  expect(known.get(toHex(testAddress(10))), "by a call").toMatchObject({ balance: 10n });
});
