/** Too few validators: the chain stops and says so, does not fork, and goes on when they are back. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { heightOf, nextBlockMs, reach, readiness, receiptsOf, requireOneChain } from "../harness/chain.ts";
import { type RunningDevnet, startDevnet } from "../harness/devnet.ts";
import { isAlive } from "../harness/processes.ts";
import { createSeededRandom } from "../harness/random.ts";
import { startTraffic, type Traffic } from "../harness/traffic.ts";
import { until } from "../harness/wait.ts";

const random = createSeededRandom("halt");
let devnet: RunningDevnet;
let traffic: Traffic;

beforeAll(async () => {
  devnet = await startDevnet(["--block-time", "0.2"]);
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
    await until(says, () => `${url} did not say that the chain is halted: ${last}`);
  }
  const log = () => readFileSync(join(devnet.validators[a]?.datadir as string, "node.log"), "utf8");
  await until(
    () => dead.every((i) => log().includes(`"validator":"validator ${i}"`)) && log().includes(`"cause":"${halted}"`),
    () => `validator ${a} did not say who is lost`,
  );
  await until(
    async () => (await readiness(living[0])).body.unreachable?.filter(({ reason }) => reason.includes("ECONNREFUSED")).length === 2,
    () => "/readyz does not say who cannot be reached, and why",
  );
  await until(
    () => devnet.output().includes("the chain is halted: 2 of 4 validators answer, quorum needs 3"),
    () => `the devnet did not say that the chain is halted:\n${devnet.output()}`,
  );
  // What was voted for before the deaths may still become final. Then, while transactions go on being accepted, nothing moves.
  const finalized = async () => Math.max(...(await Promise.all(living.map((url) => readiness(url)))).map((x) => x.body.consensus));
  let before = traffic.accepted.length;
  let top = await finalized();
  const standsStill = async () => {
    const now = await finalized();
    if (now > top) [top, before] = [now, traffic.accepted.length];
    return traffic.accepted.length >= before + 10;
  };
  await until(standsStill, () => `the chain moves with two of four, at ${top}`);
  for (const url of living) expect((await readiness(url)).code).toBe(503);

  await Promise.all(dead.map(devnet.restart));
  await nextBlockMs(living[0]);
  await reach(devnet.rpcUrls, (await heightOf(living[0])) + 2);
  await requireOneChain(devnet.rpcUrls);
  await until(
    async () => (await readiness(living[0])).code === 200,
    () => "still not ready",
  );
  await until(
    () => log().includes('"msg":"a validator is back"') && log().includes(`"was":"${halted}"`),
    () => "its log does not say that they are back",
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
    () => `still running: ${pids.filter(isAlive)}`,
  );
});
