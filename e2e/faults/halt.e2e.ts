/** Too few validators: the chain stops and says so, does not fork, and goes on when they are back. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { heightOf, nextBlockMs, reach, readiness, receiptsOf, requireOneChain } from "../harness/chain.ts";
import { isAlive, type RunningDevnet, startDevnet, until } from "../harness/devnet.ts";
import { createSeededRandom } from "../harness/random.ts";
import { startTraffic, type Traffic } from "../harness/traffic.ts";

const random = createSeededRandom("halt");
let devnet: RunningDevnet;
let traffic: Traffic;

beforeAll(async () => {
  devnet = await startDevnet();
  traffic = await startTraffic(devnet, [0, 1, 2], 400);
});
afterAll(async () => {
  await traffic?.stop();
  await devnet?.destroy();
});

it("stops with two of four, says why, and goes on without a fork", async () => {
  const [a, b, ...dead] = random.shuffle([0, 1, 2, 3]) as [number, number, number, number];
  const living = [devnet.rpcUrls[a], devnet.rpcUrls[b]] as [string, string];
  await traffic.included(living[0], 3);
  await Promise.all(dead.map(devnet.kill));

  const halted = "halted: 2 of 4 validators, quorum needs 3";
  for (const url of living) {
    let last = "";
    const says = async () => {
      const { code, body } = await readiness(url);
      last = `${code} ${JSON.stringify(body)}`;
      return code === 503 && body.cause === halted;
    };
    await until(says, 60_000, () => `${url} did not say that the chain is halted: ${last}`);
  }
  await until(
    () => devnet.output().includes("the chain is halted: 2 of 4 validators answer, quorum needs 3"),
    30_000,
    () => `the devnet did not say that the chain is halted:\n${devnet.output()}`,
  );
  // Both have finalized what there was to finalize by now: seen twice, over as many answers as there are, nothing moves.
  const stopped = await Promise.all(living.map((url) => readiness(url)));
  const top = Math.max(...stopped.map((x) => x.body.consensus));
  for (let i = 0; i < 50; i++)
    for (const url of living) {
      const { code, body } = await readiness(url);
      expect(body.consensus).toBeLessThanOrEqual(top);
      expect(code).toBe(503);
    }

  await Promise.all(dead.map(devnet.restart));
  await nextBlockMs(living[0]);
  await reach(devnet.rpcUrls, (await heightOf(living[0])) + 2);
  await requireOneChain(devnet.rpcUrls);
  await until(
    async () => (await readiness(living[0])).code === 200,
    30_000,
    () => "still not ready",
  );
});

it("goes on after all four were killed at once", async () => {
  await traffic.included(devnet.rpcUrl, 3);
  const before = await heightOf(devnet.rpcUrl);
  await Promise.all([0, 1, 2, 3].map(devnet.kill));
  await Promise.all([0, 1, 2, 3].map(devnet.restart));
  await reach(devnet.rpcUrls, before + 3);
  await requireOneChain(devnet.rpcUrls);
  for (const index of [0, 1, 2, 3])
    await until(
      () => (devnet.output().match(new RegExp(`validator ${index} is back`, "g"))?.length ?? 0) > 0,
      30_000,
      () => `the devnet did not see validator ${index} come back:\n${devnet.output()}`,
    );
});

it("included all that was accepted", async () => {
  await traffic.stop();
  await receiptsOf(
    devnet.rpcUrl,
    traffic.accepted.map((x) => x.hash),
  );
});

it("ends all of them, though none is the devnet's child any more", async () => {
  expect(devnet.parent.exitCode).toBeNull();
  const pids = [0, 1, 2, 3].map(devnet.pidOf);
  expect(pids.every(isAlive)).toBe(true);
  expect(await devnet.interrupt()).toBe(0);
  await until(
    () => !pids.some(isAlive),
    1000,
    () => `still running: ${pids.filter(isAlive)}`,
  );
});
