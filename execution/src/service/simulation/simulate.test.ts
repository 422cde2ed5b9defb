import { blockNumber } from "@noema/core/block-number";
import { bigIntToBytes, bytesToBigInt, fromHex, to0x } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import { expect, it } from "vitest";
import type { SimulatedBlock, Simulation } from "../../api.ts";
import { createdAddress } from "../../rules/created-address.ts";
import { ECHO, startChain, testAddress } from "../../testing/chain.ts";

const [A, B, C] = [testAddress(0), testAddress(1), fromHex(`0x${"cc".repeat(20)}`)] as [Uint8Array, Uint8Array, Uint8Array];
const on = blockNumber(0);
/** BLOCKHASH of the number in its calldata. */
const HASHES = fromHex("0x5f35405f5260205ff3");
/** Emits its calldata's first word, then sends the wei it got to 0xdd..dd. */
const EMITS_AND_PAYS = fromHex(`0x5f355f5fa1${"5f5f5f5f"}3473${"dd".repeat(20)}5af100`);
/** NUMBER, BASEFEE, BLOBBASEFEE. */
const NUMBER_AND_FEE = fromHex("0x435f52486020524a60405260605ff3");

type Block = Partial<Simulation["blocks"][number]>;
const block = ({ block = {}, state = [], calls = [] }: Block) => ({ block, state, calls });

async function start() {
  const chain = await startChain({ accounts: 2 });
  const simulate = (blocks: Block[], more: Partial<Simulation> = {}) =>
    chain.service.simulate({ blocks: blocks.map(block), validation: false, transfers: false, ...more }, on);
  const codeOf = (...asked: Parameters<typeof simulate>) =>
    simulate(...asked).then(
      () => "answered",
      (error) => error.code,
    );
  return { ...chain, simulate, codeOf };
}
const call = (made: readonly SimulatedBlock[], i = 0, j = 0) => (made[i] as SimulatedBlock).calls[j] as SimulatedBlock["calls"][number];

it("each block goes on from the one before, in its own right, and nothing is kept", async () => {
  const { service, simulate } = await start();
  const asked = { from: A, to: B, value: 5n };
  const made = await simulate([{ calls: [asked, asked] }, { block: { number: blockNumber(4) }, calls: [asked] }]);
  expect(made.map((x) => [x.block.number, x.block.txHashes.length, x.block.gasUsed])).toEqual([
    [1, 2, 42_000n],
    [2, 0, 0n],
    [3, 0, 0n],
    [4, 1, 21_000n],
  ]);
  for (const [i, { block }] of made.entries()) {
    expect(block.parentHash).toEqual(i === 0 ? (await service.block(on))?.hash : made[i - 1]?.block.hash);
    expect(keccak256(block.headerRlp)).toEqual(block.hash);
  }
  expect(made.flatMap((x) => x.transactions.map(({ tx }) => tx.nonce))).toEqual([0n, 1n, 2n]);
  expect((await service.account(on, B)).balance).toBe(10n ** 21n);
  const again = await simulate([{ calls: [asked, asked] }, { block: { number: blockNumber(4) }, calls: [asked] }]);
  expect(again).toEqual(made);
});

it("knows the hashes of the blocks below it, simulated or not", async () => {
  const { service, simulate } = await start();
  const ask = (n: number) => ({ to: C, data: bigIntToBytes(BigInt(n), 32) });
  const made = await simulate([{ state: [{ address: C, code: HASHES }] }, { calls: [ask(0), ask(1), ask(2)] }]);
  const hashes = [0, 1, 2].map((j) => call(made, 1, j).output);
  expect(hashes).toEqual([(await service.block(on))?.hash, made[0]?.block.hash, new Uint8Array(32)]);
});

it("tells value that moves between the logs of contracts, but not what a failed call did", async () => {
  const { simulate } = await start();
  const state = [{ address: C, code: EMITS_AND_PAYS }];
  const asked = { from: A, to: C, value: 3n, data: bigIntToBytes(7n, 32) };
  const [plain, watched] = [await simulate([{ state, calls: [asked] }]), await simulate([{ state, calls: [asked] }], { transfers: true })];
  expect(call(plain).logs.map((x) => x.address)).toEqual([C]);
  const { logs } = call(watched);
  expect(logs.map(({ address, logIndex }) => [to0x(address).slice(0, 6), logIndex])).toEqual([
    ["0xeeee", 0],
    ["0xcccc", 1],
    ["0xeeee", 2],
  ]);
  expect(logs.map((x) => x.topics.at(-1)).map((x) => to0x(x as Uint8Array).slice(-4))).toEqual(["cccc", "0007", "dddd"]);
  expect(bytesToBigInt(logs[2]?.data as Uint8Array)).toBe(3n);
  expect(call(watched).gasUsed).toBe(call(plain).gasUsed);
  expect(watched[0]?.block.receiptsRoot).toEqual(plain[0]?.block.receiptsRoot);
  const failed = await simulate([{ state: [{ address: C, code: fromHex("0x5f5f5fa05f5ffd") }], calls: [asked] }], { transfers: true });
  expect(call(failed)).toMatchObject({ ok: false, error: "revert", logs: [] });
  const created = await simulate([{ calls: [{ from: A, value: 2n, data: fromHex("0x00") }] }], { transfers: true });
  expect(call(created).logs[0]?.topics[2]?.subarray(12)).toEqual(createdAddress(A, 0n));
});

it("a block has the fields that are asked for, and without validation no base fee", async () => {
  const { service, simulate } = await start();
  const state = [{ address: C, code: NUMBER_AND_FEE }];
  const words = (made: readonly SimulatedBlock[]) => [0, 32, 64].map((i) => bytesToBigInt(call(made).output.subarray(i, i + 32)));
  const set = { number: blockNumber(9), baseFeePerGas: 77n, blobBaseFee: 88n, gasLimit: 1_000_000n };
  const overridden = await simulate([{ block: set, state, calls: [{ to: C }] }]);
  expect(words(overridden.slice(-1))).toEqual([9n, 77n, 88n]);
  expect(overridden.at(-1)?.block.gasLimit).toBe(1_000_000n);
  expect(words(await simulate([{ state, calls: [{ to: C }] }]))).toEqual([1n, 0n, 1n]);
  const { baseFeePerGas } = await service.feesAfter(on);
  expect((await simulate([{}], { validation: true }))[0]?.block.baseFeePerGas).toBe(baseFeePerGas);
  const one = await service.call({ to: C }, on, state, { number: blockNumber(5), baseFeePerGas: 6n, blobBaseFee: 7n });
  expect([0, 32, 64].map((i) => bytesToBigInt(one.output.subarray(i, i + 32)))).toEqual([5n, 6n, 7n]);
});

it("a precompile moves for one block, and is an account where it was", async () => {
  const { service, simulate, codeOf } = await start();
  const data = Uint8Array.of(1, 2, 3);
  const moved = [{ address: ECHO, movePrecompileTo: C }];
  const made = await simulate([
    {
      state: moved,
      calls: [
        { to: C, data },
        { to: ECHO, data },
      ],
    },
    { calls: [{ to: ECHO, data }] },
  ]);
  expect([call(made).output, call(made, 0, 1).output, call(made, 1).output]).toEqual([data, new Uint8Array(0), data]);
  expect((await service.call({ to: C, data }, on, moved)).output).toEqual(data);
  expect((await service.call({ to: ECHO, data }, on)).output).toEqual(data);
  expect(await codeOf([{ state: [{ address: A, movePrecompileTo: C }] }])).toBe("CALL_OVERRIDE_INVALID");
  expect(await codeOf([{ state: [{ address: ECHO, movePrecompileTo: ECHO }] }])).toBe("CALL_OVERRIDE_INVALID");
  expect((await service.call({ to: ECHO, data }, on)).output).toEqual(data);
});

it("refuses what is out of order, too much, or not valid where that is asked for", async () => {
  const { codeOf, simulate } = await start();
  const at = (number: number, timestamp?: bigint) => ({ block: { number: blockNumber(number), timestamp } });
  expect(await codeOf([at(3), at(3)])).toBe("SIM_NUMBER_ORDER");
  expect(await codeOf([at(1, 2_000_000_000n), at(2, 2_000_000_000n)])).toBe("SIM_TIME_ORDER");
  expect(await codeOf([at(257)])).toBe("SIM_LIMIT");
  expect(await codeOf([{ calls: [{ from: A, to: B, gas: 2n ** 40n }] }])).toBe("SIM_BLOCK_GAS");
  expect(await codeOf([{ calls: [{ from: A, to: B, gas: 20_999n }] }])).toBe("TX_INTRINSIC_GAS_TOO_LOW");
  expect(await codeOf([{ calls: [{ from: C, to: B, value: 1n }] }])).toBe("TX_INSUFFICIENT_FUNDS");
  const priced = { from: A, to: B, maxFeePerGas: 10n ** 10n };
  const strict = (nonce?: bigint, fees = priced) => codeOf([{ calls: [{ ...fees, nonce }] }], { validation: true });
  expect(await strict()).toBe("answered");
  expect(await strict(1n)).toBe("SIM_NONCE_TOO_HIGH");
  expect(await strict(undefined, { ...priced, maxFeePerGas: 0n })).toBe("TX_FEE_CAP_TOO_LOW");
  expect(await codeOf([{ calls: [priced, { ...priced, nonce: 0n }] }], { validation: true })).toBe("TX_NONCE_TOO_LOW");
  expect(call(await simulate([{ calls: [{ from: A, to: B, nonce: 9n }] }])).ok).toBe(true);
});

it("all calls together have the gas of one", async () => {
  const { service } = await startChain({ accounts: 1, options: { callGasCap: 100_000n } });
  const calls = Array.from({ length: 5 }, () => ({ from: A, to: B }));
  const asked = { blocks: [block({ calls: calls.slice(0, 4) })], validation: false, transfers: false };
  expect((await service.simulate(asked, on))[0]?.transactions.map((x) => x.tx.gasLimit)).toEqual([100_000n, 79_000n, 58_000n, 37_000n]);
  await expect(service.simulate({ ...asked, blocks: [block({ calls })] }, on)).rejects.toMatchObject({ code: "TX_INTRINSIC_GAS_TOO_LOW" });
});
