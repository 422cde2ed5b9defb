import { blockNumber } from "@noema/core/block-number";
import { fromHex, to0x } from "@noema/core/bytes";
import { expect, it } from "vitest";
import { signedTx, startChain, testAddress } from "../testing/chain.ts";
import { setInput } from "../testing/operations.ts";

const MOST = 2n ** 256n - 1n;
/** COINBASE BALANCE PUSH0 SSTORE */
const READER = fromHex("0x41315f5500");

it("fees of a coinbase that an operation gave the most leave a balance of 256 bits, which a contract can read", async () => {
  const { service, input } = await startChain();
  const { coinbase } = input(1);
  const reader = testAddress(30);
  const system = [setInput({ address: coinbase, balance: MOST }), setInput({ address: reader, code: READER })];
  const to = to0x(testAddress(20)) as `0x${string}`;
  await service.execute(input(1, [signedTx(0, { nonce: 0n, to })], system));
  expect((await service.account(blockNumber(1), coinbase)).balance).toBeLessThanOrEqual(MOST);
  const call = signedTx(0, { nonce: 1n, to: to0x(reader) as `0x${string}`, gasLimit: 100_000n });
  const { included, skipped } = await service.execute(input(2, [call]));
  expect([included.map((x) => x.ok), skipped]).toEqual([[true], []]);
});
