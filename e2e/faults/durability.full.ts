/** What a client was told survives kill -9: accepted, included (`latest`), final (`finalized`). Seeded moments, several rounds. */
import type { Hex } from "viem";
import { afterAll, beforeAll, expect, it } from "vitest";
import { heightOf, type Receipt, receiptOf, receiptsOf, requireOneChain } from "../harness/chain.ts";
import { type RunningDevnet, startDevnet } from "../harness/devnet.ts";
import { createSeededRandom, roundsOf } from "../harness/random.ts";
import { createSender, isUnanswered, type Sender, submit } from "../harness/traffic.ts";
import { until } from "../harness/wait.ts";

const ROUNDS = roundsOf(1);
const random = createSeededRandom("durability");
const everybody = [0, 1, 2, 3];
const MANY = 1000;
const AT_ONCE = 32;
let devnet: RunningDevnet;
let senders: Sender[];

beforeAll(async () => {
  devnet = await startDevnet();
  senders = await Promise.all(everybody.map((i) => createSender(devnet, i)));
});
afterAll(() => devnet?.destroy());

async function killAndRestart(victims: readonly number[]): Promise<void> {
  await Promise.all(victims.map(devnet.kill));
  await Promise.all(victims.map(devnet.restart));
}

async function signMany(sender: Sender): Promise<{ raw: Hex; hash: Hex }[]> {
  const signed: { raw: Hex; hash: Hex }[] = [];
  while (signed.length < MANY / senders.length) signed.push(await sender.sign());
  return signed;
}

/** Sends `count` transfers through validator `index`, one after the other, and returns the hashes it answered. */
async function send(index: number, count: number): Promise<Hex[]> {
  const hashes: Hex[] = [];
  for (let i = 0; i < count; i++) {
    const { raw, hash } = await (senders[index] as Sender).sign();
    expect(await submit(devnet.rpcUrls[index] as string, raw)).toBe(hash);
    hashes.push(hash);
  }
  return hashes;
}

it("includes what one validator accepted right before it was killed", async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const victim = random.below(4);
    const hashes = await send(victim, 1 + random.below(5));
    await killAndRestart([victim]);
    await receiptsOf(devnet.rpcUrl, hashes);
  }
});

it("includes what all accepted right before all were killed", async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const hashes = (await Promise.all(everybody.map((i) => send(i, 1 + random.below(3))))).flat();
    await killAndRestart(everybody);
    await receiptsOf(devnet.rpcUrl, hashes);
  }
});

it("includes all that it answered of 1,000 when it was killed in the middle of them", async () => {
  const signed = (await Promise.all(senders.map(signMany))).flat();
  const answered: Hex[] = [];
  const killAt = 100 + random.below(MANY / 2);
  let killed: Promise<unknown> | undefined;
  const sendTheRest = async () => {
    for (let next = signed.shift(); next !== undefined && killed === undefined; next = signed.shift()) {
      const { raw, hash } = next;
      const answer = await submit(devnet.rpcUrls[0] as string, raw).catch((error) => {
        if (!isUnanswered(error)) throw error;
      });
      if (answer === undefined) return;
      expect(answer).toBe(hash);
      answered.push(hash);
      if (answered.length >= killAt) killed ??= Promise.all(everybody.map(devnet.kill));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sendTheRest));
  await killed;
  await Promise.all(everybody.map(devnet.restart));
  expect(answered.length).toBeGreaterThanOrEqual(killAt);
  expect(answered.length).toBeLessThan(MANY);
  await receiptsOf(devnet.rpcUrl, answered);
  senders = await Promise.all(everybody.map((i) => createSender(devnet, i))); // what was not answered may be there or not
});

it("keeps each receipt that it showed, with the same block hash", async () => {
  const shown: { hash: Hex; receipt: Receipt }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const index = random.below(4);
    const url = devnet.rpcUrls[index] as string;
    for (const hash of await send(index, 1 + random.below(3))) {
      const receipt = (await receiptsOf(url, [hash])).get(hash) as Receipt;
      shown.push({ hash, receipt });
    }
    await killAndRestart(everybody);
    for (const { hash, receipt } of shown) {
      // At once from the one that showed it, from the others when they are there.
      expect(await receiptOf(url, hash)).toEqual(receipt);
      for (const other of devnet.rpcUrls) expect((await receiptsOf(other, [hash])).get(hash)).toEqual(receipt);
    }
  }
});

it("keeps each block that it called finalized", async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const index = random.below(4);
    const url = devnet.rpcUrls[index] as string;
    const [hash] = (await send(index, 1)) as [Hex];
    const receipt = (await receiptsOf(url, [hash])).get(hash) as Receipt;
    await until(
      async () => (await heightOf(url, "finalized")) >= Number(receipt.blockNumber),
      () => `block ${Number(receipt.blockNumber)} did not become final`,
    );
    await killAndRestart(everybody);
    expect(await receiptOf(url, hash)).toEqual(receipt);
    expect(await heightOf(url, "finalized")).toBeGreaterThanOrEqual(Number(receipt.blockNumber));
  }
  await requireOneChain(devnet.rpcUrls);
});
