/** Validators that hang have not ended: the console and the others say so in words, the chain goes on, and data is written and read. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { heightOf, reach, readiness, requireOneChain } from "../harness/chain.ts";
import { type DevnetConfig, launcher, type RunningDevnet, startDevnet } from "../harness/devnet.ts";
import { runCommand } from "../harness/run-command.ts";
import { until } from "../harness/wait.ts";

let devnet: RunningDevnet;
const hanging = new Set<number>();
/** Three rows: each validator holds three of twelve. */
const OBJECT_BYTES = 300_000;
const earlier = randomBytes(OBJECT_BYTES);
let earlierId = "";

beforeAll(async () => {
  devnet = await startDevnet(["--block-time", "0.2"]);
  await reach(devnet.rpcUrls, 1);
  earlierId = await publish(earlier);
});
afterAll(async () => {
  for (const pid of hanging) process.kill(pid, "SIGCONT");
  await devnet?.destroy();
});

function hang(index: number): number {
  const pid = devnet.pidOf(index);
  process.kill(pid, "SIGSTOP");
  hanging.add(pid);
  return pid;
}

async function publish(body: Buffer): Promise<string> {
  const answer = (await (await fetch(`${devnet.rpcUrl}/da`, { method: "PUT", body })).json()) as { id: string };
  expect(answer).toMatchObject({ state: "included", bytes: body.length });
  return answer.id;
}

async function said(words: string | RegExp): Promise<void> {
  await until(
    () => (typeof words === "string" ? devnet.output().includes(words) : words.test(devnet.output())),
    () => `the devnet did not say "${words}":\n${devnet.output()}`,
  );
}

async function processes() {
  const { stdout } = await runCommand(process.execPath, [launcher, "ps", "--datadir", join(devnet.folder, "data"), "--json"]);
  return JSON.parse(stdout) as { pid: number; validators: { pid: number | null; state: string }[] };
}

it("one that hangs is named, and the chain goes on", async () => {
  const pid = hang(3);
  await said(new RegExp(`validator 3 stopped answering \\d+ s ago \\(pid ${pid}\\)`));
  await said("3 of 4 validators take part, the chain goes on");
  const log = () => readFileSync(join(devnet.validators[0]?.datadir as string, "node.log"), "utf8");
  await until(
    () => log().includes("it is connected and says nothing") && log().includes('"validator":"validator 3"'),
    () => "validator 0 neither says that it hears nothing nor that it is lost",
  );
  const witness = devnet.rpcUrls.slice(0, 3);
  await reach(witness, (await heightOf(devnet.rpcUrl)) + 1);
});

it("what it holds is read from others, and what is put meanwhile is certified without it", async () => {
  const later = randomBytes(OBJECT_BYTES);
  const objects = [
    { id: earlierId, bytes: earlier },
    { id: await publish(later), bytes: later },
  ];
  for (const url of devnet.rpcUrls.slice(0, 3))
    for (const { id, bytes } of objects) {
      const answer = await fetch(`${url}/da/${id}`);
      expect([answer.status, answer.headers.get("noema-wrong-rows-from")]).toEqual([200, null]);
      expect(Buffer.compare(Buffer.from(await answer.arrayBuffer()), bytes)).toBe(0);
    }
});

it("with a second one the chain is halted: the console, /readyz and ps say so", async () => {
  const pid = hang(2);
  await said(new RegExp(`validator 2 stopped answering \\d+ s ago \\(pid ${pid}\\)`));
  await said("the chain is halted: 2 of 4 validators answer, quorum needs 3");
  await until(
    async () => (await readiness(devnet.rpcUrl)).body.cause === "halted: 2 of 4 validators, quorum needs 3",
    () => "/readyz does not say that the chain is halted",
  );
  let states = "";
  await until(
    async () => {
      states = (await processes()).validators.map((x) => x.state).join(" ");
      return states === "halted halted silent silent";
    },
    () => `ps says ${states}`,
  );
});

const put = () => fetch(`${devnet.rpcUrl}/da`, { method: "PUT", body: "published by nobody who stands still" });

it("what is put meanwhile is refused by its kind, and not left without an answer", async () => {
  const refused = await put();
  expect([refused.status, refused.headers.get("retry-after"), await refused.json()]).toEqual([
    503,
    "5",
    { code: "DA_HALTED", message: "halted: 2 of 4 validators, quorum needs 3" },
  ]);
});

it("goes on when they do, on one chain", async () => {
  for (const pid of hanging) process.kill(pid, "SIGCONT");
  await said("validator 2 answers again");
  await said("validator 3 answers again");
  await said(/the chain goes on after \d+ s: \d of 4 validators take part/);
  await reach(devnet.rpcUrls, (await heightOf(devnet.rpcUrl)) + 1);
  await requireOneChain(devnet.rpcUrls);
  expect(await (await put()).json()).toMatchObject({ state: "included" });
});

it("a validator that was restarted by its command is another process in ps and in the configuration", async () => {
  await devnet.kill(1);
  await said("validator 1 ended (SIGKILL)");
  await devnet.restart(1);
  const pid = devnet.pidOf(1);
  await said(`validator 1 is back (pid ${pid})`);
  const written = JSON.parse(readFileSync(join(devnet.folder, "devnet-config.json"), "utf8")) as DevnetConfig;
  expect(written.pids).toEqual(devnet.pids.map((was, i) => (i === 1 ? pid : was)));
  expect(written.validators[1]).toEqual({ ...devnet.validators[1], pid });
  const now = await processes();
  expect(now.pid).toBe(devnet.parent.pid);
  expect(now.validators.map((x) => x.pid)).toEqual(written.pids);
});
