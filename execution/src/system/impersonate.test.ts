/** Transactions that nobody signed, in blocks and in the pool, and who may be sent for. */
import { blockNumber } from "@noema/core/block-number";
import { concatBytes, fromHex, to0x } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { expect, it } from "vitest";
import { addressOf, CHAIN, codeOf, createPoolFixture } from "../pool/testing/pool-fixture.ts";
import { rlpEncode, rlpInt } from "../rlp/encode.ts";
import { EMPTY_CODE_HASH } from "../state/account.ts";
import { CHAIN_ID, startChain, testAddress } from "../testing/chain.ts";
import { INSTANT, operationOf, setInput } from "../testing/operations.ts";
import { encodeImpersonated } from "../transactions/impersonated.ts";
import { encodeImpersonate } from "./impersonate.ts";
import { KIND } from "./kinds.ts";

/** Answers its caller. */
const WHO_CALLS = "0x00000000000000000000000000000000000000c9";
const CONTRACT = fromHex("0x00000000000000000000000000000000000000ca");
const ETHER = 10n ** 18n;
const alloc = {
  [WHO_CALLS]: { code: "0x335f5500", balance: "0x0" }, // sstore(0, caller)
  [to0x(CONTRACT)]: { code: "0x00", balance: "0xde0b6b3a7640000" },
};

function sentBy(sender: Bytes, nonce: bigint, to: Bytes, value = 0n, chain = BigInt(CHAIN_ID)): Bytes {
  const fees = [rlpInt(10n ** 9n), rlpInt(10n ** 10n)];
  const items = [rlpInt(chain), rlpInt(nonce), ...fees, rlpInt(60_000), to, rlpInt(value), new Uint8Array(0), []];
  return encodeImpersonated(sender, concatBytes(Uint8Array.of(2), rlpEncode(items)));
}

it("runs as if its sender had signed, a contract's too, and pays from its balance", async () => {
  const { service, input } = await startChain({ alloc });
  const { included, receipts, block } = await service.execute(
    input(1, [sentBy(CONTRACT, 0n, fromHex(WHO_CALLS)), sentBy(CONTRACT, 1n, testAddress(9), 5n)]),
  );
  expect(included).toMatchObject([
    { sender: CONTRACT, ok: true },
    { sender: CONTRACT, ok: true },
  ]);
  expect(receipts.map((x) => [x.type, to0x(x.from)])).toEqual([
    [2, to0x(CONTRACT)],
    [2, to0x(CONTRACT)],
  ]);
  expect(await service.slot(blockNumber(1), fromHex(WHO_CALLS), new Uint8Array(32))).toBe(BigInt(to0x(CONTRACT)));
  const paid = receipts.reduce((sum, x) => sum + x.gasUsed * x.effectiveGasPrice, 5n);
  expect(await service.account(blockNumber(1), CONTRACT)).toMatchObject({ nonce: 2n, balance: ETHER - paid });
  expect(await service.transaction(receipts[0]?.txHash as Bytes)).toMatchObject({ sender: CONTRACT, block: { hash: block.hash } });
  const poor = await service.execute(input(2, [sentBy(testAddress(30), 0n, CONTRACT), sentBy(CONTRACT, 9n, CONTRACT)]));
  expect(poor.skipped.map((x) => x.code)).toEqual(["SKIP_BALANCE", "SKIP_NONCE_TOO_HIGH"]);
});

it("is no transaction where genesis does not say dev", async () => {
  const { service, input } = await startChain({ alloc, genesis: { dev: false } });
  const { skipped, result } = await service.execute(input(1, [sentBy(CONTRACT, 0n, testAddress(9), 5n)]));
  expect([skipped.map((x) => x.code), result.gasUsed]).toEqual([["SKIP_MALFORMED"], 0n]);
  expect(await service.account(blockNumber(1), CONTRACT)).toMatchObject({ nonce: 0n, balance: ETHER });
});

it("the pool takes it on a development chain alone, from an account with code too, and has it again after a restart", async () => {
  const raw = sentBy(addressOf(7), 0n, addressOf(1), 0n, CHAIN);
  const other = createPoolFixture();
  await other.pool.start();
  expect(await codeOf(other.pool.add(raw, "local"))).toBe("TX_TYPE_UNSUPPORTED");
  expect(await codeOf(other.pool.add(raw, "peer"))).toBe("TX_TYPE_UNSUPPORTED");
  const { pool, fresh, accounts } = createPoolFixture({}, { dev: true });
  await pool.start();
  accounts.set(to0x(addressOf(7)).slice(2), { nonce: 0n, balance: ETHER, codeHash: EMPTY_CODE_HASH.map((x) => x ^ 1) });
  const hash = await pool.add(raw, "local");
  expect(pool.get(hash)).toMatchObject({ sender: addressOf(7) });
  const again = fresh();
  await again.start();
  expect(again.status()).toMatchObject({ pending: 1 });
});

it("remembers who is impersonated, everybody or some, until it is stopped", async () => {
  const { service, input } = await startChain({ genesis: INSTANT });
  let height = 0;
  const tell = async (what: Parameters<typeof encodeImpersonate>[0]) => {
    const system = [operationOf(KIND.impersonate, encodeImpersonate(what))];
    const { operations, dev } = await service.execute(input(++height, [], system));
    return [operations[0]?.outcome, operations[0]?.value, dev?.autoImpersonate];
  };
  expect(await tell({ address: CONTRACT, on: true })).toEqual([0, 0, false]);
  expect(await tell({ address: CONTRACT, on: true })).toEqual([0, 1, false]);
  expect(await tell({ on: true })).toEqual([0, 0, true]);
  expect(await tell({ address: CONTRACT, on: false })).toEqual([0, 1, true]);
  expect(await tell({ address: CONTRACT, on: false })).toEqual([0, 0, true]);
  expect(await tell({ on: false })).toEqual([0, 1, false]);
  const { result } = await service.execute(input(++height, [], [setInput({ address: CONTRACT, balance: 1n })]));
  expect(result.number).toBe(0);
});
