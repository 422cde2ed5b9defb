import { blockNumber } from "@noema/core/block-number";
import { fromHex, to0x } from "@noema/core/bytes";
import { expect, it } from "vitest";
import { execError } from "./errors.ts";
import { createChainReader } from "./reader.ts";
import { echoPrecompiles, signedTx, startChain, testAddress, testGenesis } from "./testing/chain.ts";

const JUMPS = fromHex(`0x${"ee".repeat(20)}`);
const CALLS = fromHex(`0x${"cc".repeat(20)}`);
const ANSWERS = fromHex(`0x${"aa".repeat(20)}`);
/** Calls itself twice, with no jump: frames without end. */
const TWICE = `0x${"5f5f5f5f5f305af150".repeat(2)}00`;
const alloc = {
  [to0x(JUMPS)]: { code: "0x5b5f56" },
  [to0x(CALLS)]: { code: TWICE },
  [to0x(ANSWERS)]: { code: "0x602a5f5260205ff3" },
};

async function startReader() {
  const chain = await startChain({ alloc });
  let left = Number.POSITIVE_INFINITY;
  const { reads } = createChainReader({
    kv: chain.kv,
    genesis: testGenesis(4, alloc),
    precompiles: echoPrecompiles,
    goOn() {
      if (left-- <= 0) throw execError("QUESTION_STOPPED", "enough");
    },
  });
  return {
    ...chain,
    reads,
    stopAfter(steps: number) {
      left = steps;
    },
  };
}

const now = blockNumber(0);

it("answers what the service over the same store answers, as soon as a block is there", async () => {
  const { service, reads, input, next } = await startReader();
  const raw = signedTx(0, { nonce: 0n, to: testAddress(1), value: 5n });
  const { included } = await service.execute(input(1, [raw]));
  const hash = included[0]?.hash as Uint8Array;
  expect(await reads.receipt(hash)).toEqual(await service.receipt(hash));
  expect(await reads.account(blockNumber(1), testAddress(1))).toEqual(await service.account(blockNumber(1), testAddress(1)));
  expect(await reads.proof(now, testAddress(1), [])).toEqual(await service.proof(now, testAddress(1), []));
  const pending = next(1, [signedTx(0, { nonce: 1n, to: testAddress(2), value: 7n })]);
  expect(await reads.account(pending, testAddress(2))).toEqual(await service.account(pending, testAddress(2)));
  expect(await reads.estimateGas({ to: ANSWERS }, pending)).toBe(await service.estimateGas({ to: ANSWERS }, pending));
});

it("stops what jumps or calls without end, and answers the next question as ever", async () => {
  const { reads, next, stopAfter } = await startReader();
  const answer = (await reads.call({ to: ANSWERS }, now)).output;
  for (const to of [JUMPS, CALLS]) {
    for (const ask of [
      () => reads.call({ to }, now),
      () => reads.estimateGas({ to }, next(0)),
      () => reads.createAccessList({ to }, next(0)),
      () => reads.simulate({ blocks: [{ block: {}, state: [], calls: [{ to }] }], validation: false, transfers: false }, now),
    ]) {
      stopAfter(500);
      await expect(ask()).rejects.toMatchObject({ code: "QUESTION_STOPPED" });
      stopAfter(Number.POSITIVE_INFINITY);
      expect((await reads.call({ to: ANSWERS }, now)).output).toEqual(answer);
    }
  }
  stopAfter(0);
  await expect(reads.logs({ from: now, to: now, limit: 1 })).rejects.toMatchObject({ code: "QUESTION_STOPPED" });
});
