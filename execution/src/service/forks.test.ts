/** Every fork that a genesis may name, from its start to a block with a transaction, the fees after it and a question about the next. */
import { blockNumber } from "@noema/core/block-number";
import { ZERO_HASH } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import { createMemoryStore } from "@noema/core/testing/memory-store";
import { expect, it } from "vitest";
import { FORKS, withoutGasCap } from "../rules/forks.ts";
import { createExecutionService } from "../service.ts";
import { echoPrecompiles, startChain, testAddress, testGenesis, testKey } from "../testing/chain.ts";
import { signTransaction } from "../transactions/testing/sign-transaction.ts";

const GWEI = 10n ** 9n;

it.each(FORKS)("%s", async (fork) => {
  const genesis = { ...testGenesis(1), fork };
  const [kv, precompiles, genesisHash] = [createMemoryStore(), echoPrecompiles(), sha256(Uint8Array.of(7))];
  const service = createExecutionService({ kv, precompiles, genesis, genesisHash, logger: { log: () => undefined } });
  const { result: start } = await service.start();
  expect(await service.feesAfter(start.number)).toMatchObject({ baseFeePerGas: fork === "berlin" ? 0n : expect.any(BigInt) });
  const fields = { to: testAddress(1), gasLimit: 21_000n, nonce: 0n, chainId: BigInt(genesis.chainId), maxFeePerGas: 2n * GWEI, value: 5n };
  const { shown, skipped } = await service.execute({
    height: 1,
    parentConsensusHash: ZERO_HASH,
    timestampMs: genesis.timestampMs + 2000,
    coinbase: testAddress(3),
    prevRandao: sha256(Uint8Array.of(9)),
    system: [],
    txs: [signTransaction({ type: 0, ...fields }, testKey(0))],
  });
  expect([shown.map(({ ok, gasUsed }) => [ok, gasUsed]), skipped]).toEqual([[[true, 21_000n]], []]);
  expect((await service.account(blockNumber(1), testAddress(1))).balance).toBe(5n);
  const next = { timestampMs: genesis.timestampMs + 4000, pool: { version: 1, txs: [] } };
  expect((await service.nextBlock(next)).number).toBe(2);
  expect(await service.estimateGas({ from: testAddress(0), to: testAddress(2), value: 1n }, next)).toBe(21_000n);
});

it("without EIP-7825 a transaction may ask for all of a block's gas, by both ways of running it", async () => {
  const genesis = { ...testGenesis(1), fork: withoutGasCap("osaka") };
  const { service, input, next } = await startChain({ genesis, options: { shadow: true } });
  const gasLimit = 2n ** 24n + 1n;
  const tx = signTransaction({ to: testAddress(1), gasLimit, chainId: BigInt(genesis.chainId), maxFeePerGas: 2n * GWEI }, testKey(0));
  const { shown, skipped } = await service.execute(input(1, [tx]));
  expect([shown.map((x) => x.ok), skipped]).toEqual([[true], []]);
  expect(await service.estimateGas({ from: testAddress(0), to: testAddress(2), gas: gasLimit }, next(1))).toBe(21_000n);
  const capped = await startChain({ accounts: 1 });
  expect((await capped.service.execute(capped.input(1, [tx]))).skipped).toMatchObject([{ code: "SKIP_MALFORMED" }]);
});
