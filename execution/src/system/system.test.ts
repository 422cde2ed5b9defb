import { verifyMerkleProof } from "@ethereumjs/mpt";
import { blockNumber } from "@noema/core/block-number";
import { concatBytes, equalBytes, fromHex, ZERO_HASH } from "@noema/core/bytes";
import { keccak256, sha256 } from "@noema/core/hash";
import { expect, it } from "vitest";
import { readTouched } from "../blocks/touched.ts";
import { EMPTY_CODE_HASH, encodeLeaf } from "../state/account.ts";
import { signedTx, startChain, testAddress } from "../testing/chain.ts";
import { INSTANT, setInput } from "../testing/operations.ts";
import { encodeOperation, operationInput } from "./operation.ts";

const NEW = testAddress(20);
const ETHER = 10n ** 18n;
const word = (n: number) => fromHex(n.toString(16).padStart(64, "0"));
const to = `0x${"dd".repeat(20)}` as const;

it("sets what is given of an account, and nothing else of it", async () => {
  const { service, input } = await startChain();
  const code = Uint8Array.of(0x5f, 0x5f, 0xfd);
  const slots = [{ key: word(1), value: word(7) }];
  await service.execute(input(1, [], [setInput({ address: NEW, balance: 5n, nonce: 9n, code, slots })]));
  await service.execute(
    input(2, [], [setInput({ address: NEW, balance: 6n }), setInput({ address: NEW, slots: [{ key: word(2), value: word(8) }] })]),
  );
  expect(await service.account(blockNumber(2), NEW)).toMatchObject({ balance: 6n, nonce: 9n, codeHash: keccak256(code) });
  expect([await service.slot(blockNumber(2), NEW, word(1)), await service.slot(blockNumber(2), NEW, word(2))]).toEqual([7n, 8n]);
  await service.execute(input(3, [], [setInput({ address: NEW, code: new Uint8Array(0), slots: [{ key: word(1), value: word(0) }] })]));
  expect(await service.code(blockNumber(3), NEW)).toEqual(new Uint8Array(0));
  expect([await service.slot(blockNumber(3), NEW, word(1)), await service.slot(blockNumber(3), NEW, word(2))]).toEqual([0n, 8n]);
});

it("commits each operation and how it ended, and one that fails leaves nothing else", async () => {
  const { service, input } = await startChain();
  const system = [
    setInput({ address: NEW, balance: 5n }),
    setInput({ address: NEW, balance: 6n, nonce: 2n ** 64n - 1n, slots: [{ key: word(1), value: word(7) }] }),
    operationInput(encodeOperation({ nonce: 1n, kind: 200, body: new Uint8Array(3) })),
  ];
  const { result, operations, touched } = await service.execute(input(1, [], system));
  expect(operations.map(({ outcome }) => outcome)).toEqual([0, 2, 1]);
  expect(result.systemRoot).toEqual(sha256(concatBytes(...system.flatMap(({ id }, i) => [id, Uint8Array.of([0, 2, 1][i] as number)]))));
  const own = [...readTouched(touched)].find(({ address }) => equalBytes(address, NEW));
  expect(own).toEqual({ address: NEW, nonce: 0n, balance: 5n, codeHash: EMPTY_CODE_HASH });
  expect(await service.account(blockNumber(1), NEW)).toMatchObject({ balance: 5n, nonce: 0n });
  expect(await service.slot(blockNumber(1), NEW, word(1))).toBe(0n);
  const stored = operations.map((operation, i) => ({ ...operation, data: system[i]?.data }));
  expect((await service.outcome(1, 10)).operations).toEqual(stored);
  expect((await service.execute(input(2))).result.systemRoot).toEqual(ZERO_HASH);
});

it("operations come before the transactions of their height, and the header's state root is of both", async () => {
  const { service, input } = await startChain();
  const spend = signedTx(20, { nonce: 0n, to, value: ETHER });
  const { result, block, included } = await service.execute(input(1, [spend], [setInput({ address: NEW, balance: 2n * ETHER })]));
  expect(included).toMatchObject([{ ok: true, sender: NEW }]);
  expect(block.stateRoot).toEqual(result.stateRoot);
  expect((await service.execute(input(2, [signedTx(20, { nonce: 1n, to, value: ETHER })]))).skipped).toMatchObject([
    { code: "SKIP_BALANCE" },
  ]);
});

it("a contract made where slots were set in the same height begins empty", async () => {
  const { service, input } = await startChain();
  const create = signedTx(0, { nonce: 0n, data: "0x60015f5360015ff3", gasLimit: 200_000n });
  const made = (await (await startChain()).service.execute(input(1, [create]))).receipts[0]?.contractAddress as Uint8Array;
  const { receipts } = await service.execute(input(1, [create], [setInput({ address: made, slots: [{ key: word(1), value: word(7) }] })]));
  expect(receipts).toMatchObject([{ ok: true, contractAddress: made }]);
  expect(await service.slot(blockNumber(1), made, word(1))).toBe(0n);
});

it("throws for an operation on a chain whose genesis does not say dev, and keeps nothing", async () => {
  const { service, input } = await startChain({ genesis: { dev: false } });
  await expect(service.execute(input(1, [], [setInput({ address: NEW, balance: 1n })]))).rejects.toMatchObject({ code: "DEV_FORBIDDEN" });
  const { result } = await service.execute(input(1));
  expect(result).toMatchObject({ height: 1, number: 1, systemRoot: ZERO_HASH });
});

it("a lone validator's height of operations alone is bare: number, hash and header stay, the state of that number changes", async () => {
  const { service, input, next } = await startChain({ genesis: INSTANT });
  const first = await service.execute(input(1, [signedTx(0, { nonce: 0n, to, value: 1n })]));
  const second = await service.execute(input(2, [], [setInput({ address: NEW, balance: 3n * ETHER })]));
  const { number, evmBlockHash } = first.result;
  expect(second).toMatchObject({ block: undefined, included: [], receipts: [], nextFees: first.nextFees });
  expect(second.result).toMatchObject({ height: 2, number, evmBlockHash, gasUsed: 0n, receiptsRoot: ZERO_HASH });
  expect(second.result.stateRoot).not.toEqual(first.result.stateRoot);
  expect((await service.block(blockNumber(1)))?.stateRoot).toEqual(first.result.stateRoot);
  expect(await service.block(blockNumber(2))).toBeUndefined();
  expect(await service.account(blockNumber(1), NEW)).toMatchObject({ balance: 3n * ETHER });
  expect(await service.account(next(2), NEW)).toMatchObject({ balance: 3n * ETHER });
  expect((await service.accounts(1, [NEW]))[0]).toMatchObject({ balance: 0n });
  expect(await service.execute(input(2, [], []))).toEqual(second); // asked again
  const third = await service.execute(input(3, [signedTx(20, { nonce: 0n, to, value: ETHER })]));
  expect(third.result).toMatchObject({ height: 3, number: 2 });
  expect(third.block).toMatchObject({ parentHash: evmBlockHash, height: 3 });
  expect(third.included).toMatchObject([{ sender: NEW, ok: true }]);
  // What was written after block 1 stays in the state of number 1.
  expect(await service.account(blockNumber(1), NEW)).toMatchObject({ balance: 3n * ETHER, nonce: 0n });
  expect(await service.account(blockNumber(0), NEW)).toMatchObject({ balance: 0n });
  expect(await service.result(2)).toEqual(second.result);
  expect(await service.results(2, 9)).toEqual([second.result, third.result]);
  expect((await service.results(0, 3)).map((x) => x.height)).toEqual([0, 1, 2, 3]);
  expect(await service.results(4, 9)).toEqual([]);
  expect((await service.logs({ from: blockNumber(0), to: blockNumber(2), limit: 10 })).length).toBe(0);
});

it("proves the state of a number against the root of the last height before the next block", async () => {
  const { service, input } = await startChain({ genesis: INSTANT });
  await service.execute(input(1, [signedTx(0, { nonce: 0n, to, value: 1n })]));
  const { result } = await service.execute(input(2, [], [setInput({ address: NEW, balance: 7n })]));
  await service.execute(input(3, [signedTx(0, { nonce: 1n, to, value: 1n })]));
  await service.execute(input(4, [], [setInput({ address: NEW, balance: 8n })]));
  const { account, accountProof } = await service.proof(blockNumber(1), NEW, []);
  expect(account.balance).toBe(7n);
  expect(keccak256(accountProof[0] as Uint8Array)).toEqual(result.stateRoot);
  expect(await verifyMerkleProof(keccak256(NEW), accountProof)).toEqual(encodeLeaf(account));
});

it("behind a bare height: a write that fails leaves its root, and the next block is of the next height", async () => {
  const [chain, other] = [await startChain({ genesis: INSTANT }), await startChain({ genesis: INSTANT })];
  const system = [setInput({ address: NEW, balance: 2n * ETHER })];
  const spend = [signedTx(20, { nonce: 0n, to, value: ETHER })];
  for (const { service, input } of [chain, other]) await service.execute(input(1, [], system));
  chain.kv.failWrites(new Error("the disk is full"));
  await expect(chain.service.execute(chain.input(2, spend))).rejects.toThrow("the disk is full");
  chain.kv.failWrites(undefined);
  expect(await chain.service.account(chain.next(1), NEW)).toMatchObject({ balance: 2n * ETHER });
  expect(chain.precompiles.log.at(-1)).toBe("block 2");
  expect((await chain.service.execute(chain.input(2, spend))).result).toEqual((await other.service.execute(other.input(2, spend))).result);
});

it("a height of operations and transactions has a block, one of neither has none; with more validators every one has", async () => {
  const system = [setInput({ address: NEW, balance: 1n })];
  const { service, input } = await startChain({ genesis: INSTANT });
  const with1 = await service.execute(input(1, [signedTx(0, { nonce: 0n, to })], system));
  const empty = await service.execute(input(2));
  expect([with1.result.number, empty.result.number]).toEqual([1, 1]);
  for (const genesis of [
    { ...INSTANT, validators: [{}, {}] as never },
    { ...INSTANT, consensus: {} },
  ]) {
    const chain = await startChain({ genesis });
    const { result, block } = await chain.service.execute(chain.input(1, [], system));
    expect([result.number, block.stateRoot]).toEqual([1, result.stateRoot]);
  }
});
