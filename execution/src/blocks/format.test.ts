/** What stands in the store beside newest values: number and height, one record a transaction, preimages, the format's own number. */
import { blockNumber } from "@noema/core/block-number";
import { concatBytes, fromHex, to0x, u64be, utf8 } from "@noema/core/bytes";
import { keccak256, sha256 } from "@noema/core/hash";
import { expect, it } from "vitest";
import { createExecutionService } from "../service.ts";
import { addressOf, slotKeyOf } from "../state/preimages.ts";
import { echoPrecompiles, signedTx, startChain, testAddress, testGenesis } from "../testing/chain.ts";
import { readTransaction } from "./bodies.ts";
import { transactionOfHash } from "./find.ts";

const AT = "0x00000000000000000000000000000000000000c7";
/** Two logs; slot (data from byte 2) becomes 1. */
const alloc = { [AT]: { code: "0x5f5fa05f5fa0600160023555", balance: "0x0" } };
const word = (n: number) => concatBytes(new Uint8Array(31), Uint8Array.of(n));

it("reads one receipt, with the position of its logs in the block, from one record", async () => {
  const { service, input, kv } = await startChain({ alloc });
  const txs = [0, 1, 2].map((nonce) => signedTx(0, { nonce: BigInt(nonce), to: AT, data: word(nonce) }));
  const { receipts, block } = await service.execute(input(1, txs));
  expect(receipts.flatMap((x) => x.logs.map((log) => log.logIndex))).toEqual([0, 1, 2, 3, 4, 5]);
  const snapshot = kv.snapshot();
  for (const [index, receipt] of receipts.entries()) {
    expect(await service.receipt(receipt.txHash)).toEqual(receipt);
    expect(transactionOfHash(snapshot, receipt.txHash, "osaka")).toMatchObject({
      block: { height: 1 },
      stored: { index, tx: { hash: receipt.txHash } },
    });
    expect(readTransaction(snapshot, 1, index)?.firstLog).toBe(2 * index);
  }
  snapshot.close();
  expect(await service.block(blockNumber(1))).toEqual(block);
  expect(await service.receipts(blockNumber(1))).toEqual(receipts);
});

it("names the address and the slot behind every hash of the state", async () => {
  const { service, input, kv } = await startChain({ alloc });
  await service.execute(input(1, [signedTx(0, { to: AT, data: concatBytes(word(9), word(9)) })]));
  const snapshot = kv.snapshot();
  const all = (table: string) => [...snapshot.range(table, Uint8Array.of(0), new Uint8Array(60).fill(255), 10_000)];
  const accounts = all("accounts");
  expect(accounts.length).toBeGreaterThan(4);
  for (const [hash] of accounts) expect(keccak256(addressOf(snapshot, hash) as Uint8Array)).toEqual(hash);
  const slots = all("slots");
  expect(slots.length).toBeGreaterThan(0);
  for (const [key] of slots) expect(keccak256(slotKeyOf(snapshot, key.subarray(20)) as Uint8Array)).toEqual(key.subarray(20));
  expect(accounts.map(([hash]) => to0x(addressOf(snapshot, hash) as Uint8Array))).toContain(to0x(testAddress(0)));
  snapshot.close();
});

it("without operations, the number is the height, in the result that validators vote for too", async () => {
  const { service, input } = await startChain({ alloc });
  for (const height of [1, 2, 3]) {
    const { result, block } = await service.execute(input(height));
    expect([result.height, result.number, block.number, block.height]).toEqual([height, height, height, height]);
    expect(result.systemRoot).toEqual(new Uint8Array(32));
  }
});

it.each([
  ["none", undefined],
  ["1", Uint8Array.of(1)],
  ["2", Uint8Array.of(2)],
  ["3", Uint8Array.of(3)],
  ["4", Uint8Array.of(4)],
])("refuses a store of format %s by name, and changes nothing in it", async (_, format) => {
  const { kv } = await startChain();
  await kv.write([{ table: "meta", key: utf8("format"), value: format ?? null }], true);
  const before = kv.snapshot();
  const service = createExecutionService({
    kv,
    precompiles: echoPrecompiles(),
    genesis: testGenesis(4),
    genesisHash: sha256(Uint8Array.of(7)),
    logger: { log: () => undefined },
  });
  await expect(service.start()).rejects.toMatchObject({ code: "EXEC_STORE_FORMAT", data: { format: format?.[0] ?? 1 } });
  expect(kv.snapshot().get("meta", utf8("head"))).toEqual(before.get("meta", utf8("head")));
  expect(before.get("numbers", u64be(0))).toEqual(fromHex("0x0000000000000000"));
});
