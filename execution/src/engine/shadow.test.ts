import { concatBytes, to0x } from "@noema/core/bytes";
import { expect, it } from "vitest";
import { rlpEncode, rlpInt } from "../rlp/encode.ts";
import { openEngine } from "../service/engine.ts";
import { EMPTY_ACCOUNT } from "../state/account.ts";
import { createJournal, type Journal } from "../state/journal.ts";
import { COINBASE, echoPrecompiles, signedTx, startChain, testAddress } from "../testing/chain.ts";
import { encodeImpersonated } from "../transactions/impersonated.ts";
import type { BlockEnv } from "./engine.ts";
import { createReferenceEngine } from "./reference/engine.ts";
import { createShadowEngine } from "./shadow.ts";
import { runTransfer } from "./transfers/transfer.ts";

const NOTHING = new Uint8Array(0);
const of = { fork: "osaka", chainId: 31337, precompiles: echoPrecompiles() };
const env: BlockEnv = {
  number: 1 as BlockEnv["number"],
  height: 1,
  timestamp: 1n,
  coinbase: COINBASE,
  prevRandao: new Uint8Array(32),
  gasLimit: 30_000_000n,
  baseFeePerGas: 7n,
  blockHash: () => undefined,
  begin: (journal) => journal.setAccount(testAddress(0), { ...EMPTY_ACCOUNT, balance: 10n ** 18n }),
};
const empty = () => createJournal({ account: () => undefined, slot: () => NOTHING, code: () => NOTHING });
const txs = [signedTx(0, { nonce: 0n, to: to0x(testAddress(1)) as `0x${string}`, value: 5n })];

it("gives the engine's outcome where the model has the same", async () => {
  const engine = await openEngine(of, true);
  const { executed } = await engine.executeBlock(empty(), env, txs.values());
  expect(executed).toMatchObject([{ ok: true, gasUsed: 21_000n }]);
});

it("stops where the model has another", async () => {
  const transfers: typeof runTransfer = (candidate, ...rest) => runTransfer({ ...candidate, intrinsic: 20_999n }, ...rest);
  const engine = createShadowEngine(await createReferenceEngine({ ...of, transfers }), await createReferenceEngine(of));
  const block = async () => engine.executeBlock(empty(), env, txs);
  await expect(block()).rejects.toMatchObject({
    code: "EXEC_ENGINE_FAILED",
    message: expect.stringContaining("in two ways: transaction 0"),
  });
});

it("is what the option asks for", async () => {
  const { service, input, precompiles } = await startChain({ options: { shadow: true } });
  const { receipts } = await service.execute(input(1, txs));
  expect(receipts).toHaveLength(1);
  // The library begins a transaction, a transfer does not.
  expect(precompiles.log).toEqual(["block 1", "block 1", "tx"]);
});

it("has the same of what nobody signed, of every type and from an account with code", async () => {
  const engine = await openEngine({ ...of, dev: true }, true);
  const sender = testAddress(5);
  const begin = (journal: Journal) =>
    journal.setAccount(sender, { ...EMPTY_ACCOUNT, balance: 10n ** 18n, codeHash: journal.addCode(Uint8Array.of(0)) });
  const unsigned = (type: number, nonce: number) => {
    const [number, price] = [rlpInt(nonce), rlpInt(10n ** 9n)];
    const call = [rlpInt(60_000), testAddress(6), rlpInt(5), Uint8Array.of(1)];
    const id = rlpInt(of.chainId);
    if (type === 0) return rlpEncode([number, price, ...call, id, rlpInt(0), rlpInt(0)]);
    const fees = type === 1 ? [price] : [price, price];
    return concatBytes(Uint8Array.of(type), rlpEncode([id, number, ...fees, ...call, []]));
  };
  const raws = [0, 1, 2].map((type, nonce) => encodeImpersonated(sender, unsigned(type, nonce)));
  const { executed, skipped } = await engine.executeBlock(empty(), { ...env, begin }, raws);
  expect([executed.map((x) => [x.type, x.ok]), skipped]).toEqual([[0, 1, 2].map((type) => [type, true]), []]);
});
