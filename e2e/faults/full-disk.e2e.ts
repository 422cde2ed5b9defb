/** The disk of one validator of four is filled under traffic: it says so and votes for nothing, the others go on, and it goes on when there is room. */
import { cpSync, readFileSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { bytesFree } from "@noema/node/store/no-room";
import { mountSmallDisk, type SmallDisk } from "@noema/node/testing/small-disk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { heightOf, reach, readiness, receiptsOf, requireOneChain, votedAfter } from "../harness/chain.ts";
import { type RunningDevnet, startDevnet } from "../harness/devnet.ts";
import { createSeededRandom } from "../harness/random.ts";
import { createSender, startTraffic, submit, type Traffic } from "../harness/traffic.ts";
import { until } from "../harness/wait.ts";

const RESERVE = 2 << 20;
const VICTIM = 3;
const ROUNDS = 3;
const random = createSeededRandom("full-disk");
const disk = mountSmallDisk(64 << 20);
if (disk === undefined) process.stdout.write("skipped: this process may not mount a small disk\n");

describe.skipIf(disk === undefined)("a validator whose disk is full", () => {
  const { path, fill, empty } = disk as SmallDisk;
  let devnet: RunningDevnet;
  let traffic: Traffic;
  let url = "";
  let others: string[] = [];
  const log = () => readFileSync(join(path, "node.log"), "utf8");
  const says = (code: number, cause: RegExp) =>
    until(
      async () => {
        const { code: seen, body } = await readiness(url);
        return seen === code && cause.test(body.cause ?? "");
      },
      () => `it does not answer ${code}, ${cause}`,
    );

  beforeAll(async () => {
    process.env.NOEMA_DISK_RESERVE = String(RESERVE);
    devnet = await startDevnet(["--block-time", "0.2"]);
    url = devnet.rpcUrls[VICTIM] as string;
    others = devnet.rpcUrls.filter((x) => x !== url);
    const { datadir } = devnet.validators[VICTIM] as RunningDevnet["validators"][number];
    await devnet.kill(VICTIM);
    cpSync(datadir, path, { recursive: true });
    renameSync(datadir, `${datadir}.before`);
    symlinkSync(path, datadir);
    await devnet.restart(VICTIM);
    traffic = await startTraffic({ ...devnet, rpcUrls: others }, [0, 1, 2], 300);
  });
  afterAll(async () => {
    await traffic?.stop();
    await devnet?.destroy();
    disk?.remove();
  });

  it.each(Array.from({ length: ROUNDS }, (_, i) => i))("says so, goes on when there is room: round %i", async (round) => {
    await traffic.included(others[0] as string, 3);
    await says(200, /^$/);
    const left = round === 0 ? RESERVE >> 1 : random.below(RESERVE); // what is left
    fill(left);
    await says(503, /^DISK_FULL: /);
    fill(round === 2 ? 0 : left);
    const sender = await createSender(devnet, 5, others[0]);
    await expect(submit(url, (await sender.sign()).raw)).rejects.toMatchObject({ data: { code: "DISK_FULL" } });
    await traffic.included(others[0] as string, 6);
    const written = bytesFree(path);
    await traffic.included(others[0] as string, 3);
    expect(written - bytesFree(path)).toBeLessThan(RESERVE / 8); // its log
    expect((await fetch(`${url}/livez`)).ok).toBe(true);
    if (round === 1) await devnet.kill(VICTIM);
    empty();
    if (round === 1) await devnet.restart(VICTIM);
    await says(200, /^$/);
    const height = await heightOf(others[0] as string);
    await reach([url], height);
    await votedAfter(others, VICTIM, height);
  });

  it("all that was accepted is included, on one chain, and the log tells it", async () => {
    await traffic.stop();
    const receipts = await receiptsOf(
      url,
      traffic.accepted.map((x) => x.hash),
    );
    await reach(devnet.rpcUrls, Math.max(...[...receipts.values()].map((x) => Number(x.blockNumber))));
    await requireOneChain(devnet.rpcUrls);
    expect(log()).toMatch(/"cause":"DISK_FULL: /);
    expect(log()).toMatch(/"was":"DISK_FULL: .*"msg":"goes on"/);
    expect(log()).not.toMatch(/"level":"error".*(stopped voting|node failed)/);
  });
});
