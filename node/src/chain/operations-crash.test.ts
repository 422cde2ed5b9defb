/** A lone validator that is killed at each of its writes while operations are published and executed. */
import { blockNumber } from "@noema/core/block-number";
import { toHex, ZERO_HASH } from "@noema/core/bytes";
import { keccak256, sha256 } from "@noema/core/hash";
import type { FinalBlock } from "@noema/core/ports/application";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Signer } from "@noema/core/ports/signing";
import { createKeyedValidators } from "@noema/core/testing/keyed-scheme";
import { nullLogger, nullMetrics } from "@noema/core/testing/null-ports";
import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { createSimNetwork } from "@noema/core/testing/sim-network";
import { parseDaGenesis, payloadLaneOptions } from "@noema/da-layer/options";
import { createPayloadLane } from "@noema/da-layer/payload/lane";
import { createExecutionService } from "@noema/execution/service";
import { KIND } from "@noema/execution/system/kinds";
import { encodeSet } from "@noema/execution/system/set";
import { echoPrecompiles, testGenesis } from "@noema/execution/testing/chain";
import { expect, it } from "vitest";
import { createApplication } from "./application.ts";
import { tellIncluded } from "./inclusions.ts";
import { createOperations, type OperationDesk } from "./operations.ts";
import { createMortalDisk, type Moment, type MortalDisk } from "./testing/mortal-disk.ts";

const keys = createKeyedValidators([1n]);
const genesis = { ...testGenesis(1), consensus: { instant: true }, validators: [{} as never] };
const random = createSeededRandom("operations");
const address = (i: number) => new Uint8Array(20).fill(i + 1);
const set = (desk: OperationDesk, i: number) => desk.submit(KIND.set, encodeSet({ address: address(i), balance: BigInt(i + 1) }));

function openExecution(kv: MortalDisk["kv"]) {
  const init = { kv, genesis, genesisHash: sha256(Uint8Array.of(3)), precompiles: echoPrecompiles(), logger: nullLogger };
  return createExecutionService(init);
}

/** `chain`: blocks that consensus has made final; it makes one of whatever certificate is held. */
async function startNode(disk: MortalDisk, chain: FinalBlock[]) {
  const clock = createSimClock();
  const execution = openExecution(disk.kv);
  const { result } = await execution.start();
  const desk = createOperations({ dev: true, isValidator: true, clock, random }) as OperationDesk;
  const payload = createPayloadLane(payloadLaneOptions(parseDaGenesis({}), { batchDelayMs: 0, aheadMs: Number.POSITIVE_INFINITY }), {
    validatorSet: () => keys.set,
    validatorSetOf: () => keys.set,
    finalizedHeight: () => chain.length,
    signer: keys.signers[0],
    scheme: keys.scheme,
    network: createSimNetwork({ clock }).join("lone", (keys.signers[0] as Signer).publicKey),
    store: disk.log,
    source: { take: () => undefined, giveBack: () => {}, discard: () => {}, onReady: () => {} },
    checker: { check: async () => ({ invalid: "there are no transactions here" }) },
    operations: desk,
    clock,
    logger: nullLogger,
    metrics: nullMetrics,
  });
  const blobs = { available: () => [], onAvailable: () => {}, included: () => {} };
  const application = createApplication({
    execution,
    payload,
    blobs,
    validatorSet: () => keys.set,
    start: { height: result.height, results: [result] },
    onExecuted: (block) => desk.executed(block),
    signal: new AbortController().signal,
    clock,
    logger: nullLogger,
  });
  for (const block of chain.slice(0, result.height)) tellIncluded({ payload, blobs }, block.certs, block.height);
  for (const block of chain.slice(result.height)) await application.finalized(block, Promise.resolve());
  let making: Promise<unknown> = Promise.resolve();
  async function makeBlock(): Promise<void> {
    const certs = payload.available(64);
    if (certs.length === 0) return;
    const height = chain.length + 1;
    const link = { hash: sha256(Uint8Array.of(height)), parentHash: sha256(Uint8Array.of(height - 1)), prevRandao: ZERO_HASH };
    const block = { ...link, height, epoch: 0, view: height, timestampMs: 1000 * height, proposer: 0, feeAddress: address(9), certs };
    chain.push(block);
    await application.finalized(block, Promise.resolve());
  }
  payload.onAvailable(() => {
    making = making.then(makeBlock);
  });
  payload.start();
  return { desk, execution, settled: () => making };
}

/** Balances set one after the other until the kill; false: it was never reached. */
async function runKilled(at: number, moment: Moment): Promise<boolean> {
  const disk = createMortalDisk(at, moment);
  const chain: FinalBlock[] = [];
  const answered: number[] = [];
  const work = (async () => {
    const { desk } = await startNode(disk, chain);
    for (let i = 0; i < 3; i++) {
      expect((await set(desk, i)).outcome).toBe(0);
      answered.push(i);
    }
  })();
  const wasKilled = await Promise.race([disk.killed.then(() => true), work.then(() => false)]);
  await check(disk.restarted(), chain, answered);
  return wasKilled;
}

async function check(disk: MortalDisk, chain: FinalBlock[], answered: readonly number[]): Promise<void> {
  const { desk, execution, settled } = await startNode(disk, chain);
  expect((await set(desk, 7)).outcome).toBe(0);
  await settled();
  const balance = async (who: Bytes) => (await execution.account(blockNumber(0), who)).balance;
  for (const i of [...answered, 7]) expect(await balance(address(i))).toBe(BigInt(i + 1));
  for (const i of [0, 1, 2]) expect([0n, BigInt(i + 1)]).toContain(await balance(address(i)));
  expect(await execution.block(blockNumber(1)), "no block was made").toBeUndefined();
  const { accountProof } = await execution.proof(blockNumber(0), address(7), []);
  expect(toHex(keccak256(accountProof[0] as Bytes))).toBe(toHex((await execution.result(chain.length))?.stateRoot as Bytes));
  const other = await startNode({ ...createMortalDisk(), log: disk.log }, chain);
  for (let height = 1; height <= chain.length; height++)
    expect(await other.execution.result(height)).toEqual(await execution.result(height));
}

it.each(["before", "after"] as const)(
  "what was answered is there, and the roots are those of a run without kills: killed %s each write",
  async (moment) => {
    let kills = 0;
    while (await runKilled(kills, moment)) kills++;
    expect(kills).toBe(1 + 1 + 2 * 3); // genesis, a run of numbers, and of each operation its batch and the state
  },
);
