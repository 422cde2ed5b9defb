/** A bit that flipped while a validator was down: its start ends with a code, or it answers what is right, or says that it does not. */
import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { reach, readiness } from "../harness/chain.ts";
import { launcher, type RunningDevnet, rpc, startDevnet } from "../harness/devnet.ts";
import { endWithTests } from "../harness/processes.ts";
import { createSeededRandom, roundsOf } from "../harness/random.ts";
import { runCommand } from "../harness/run-command.ts";
import { createSender, submit } from "../harness/traffic.ts";
import { until } from "../harness/wait.ts";

const random = createSeededRandom("corrupt-store");
const STARTS = roundsOf(2);
const STORES = ["state.mdb", "chain.mdb"];
let devnet: RunningDevnet;
let datadir = "";
let balances: string[];

const balanceOf = (i: number) => rpc<string>(devnet.rpcUrl, "eth_getBalance", devnet.accounts[i]?.address, "latest");
const balancesNow = () => Promise.all(devnet.accounts.map((_, i) => balanceOf(i)));

beforeAll(async () => {
  devnet = await startDevnet(["--validators", "1"]);
  datadir = devnet.validators[0]?.datadir as string;
  const sender = await createSender(devnet, 0);
  for (let i = 0; i < 20; i++) await submit(devnet.rpcUrl, (await sender.sign()).raw);
  await reach([devnet.rpcUrl], 20);
  balances = await balancesNow();
  await devnet.kill(0);
  for (const name of STORES) copyFileSync(join(datadir, name), join(datadir, `${name}.good`));
});
afterAll(() => devnet?.destroy());

/** As it was before the damage. */
function restore(): void {
  for (const name of STORES) {
    copyFileSync(join(datadir, `${name}.good`), join(datadir, name));
    rmSync(join(datadir, `${name}-lock`), { force: true });
  }
  rmSync(join(datadir, "diverged"), { recursive: true, force: true });
}

function flip(name: string): string {
  const path = join(datadir, name);
  const bytes = readFileSync(path);
  const [at, bit] = [random.below(bytes.length), 1 << random.below(8)];
  bytes[at] = (bytes[at] as number) ^ bit;
  writeFileSync(path, bytes);
  return `bit ${bit} at ${at} of ${name}`;
}

/** Until it answers or has ended. */
async function start(): Promise<{ child: ChildProcess; said: () => string; answers: boolean }> {
  const child = spawn("sh", ["-c", `exec ${devnet.validators[0]?.command}`], { stdio: ["ignore", "pipe", "pipe"] });
  endWithTests(child);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (x) => (said += x));
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  const isUp = () =>
    fetch(`${devnet.rpcUrl}/livez`).then(
      ({ ok }) => ok,
      () => false,
    );
  await until(
    async () => ended() || (await isUp()),
    () => `neither up nor ended: ${said}`,
  );
  return { child, said: () => said, answers: !ended() };
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill("SIGTERM");
  await until(
    () => child.exitCode !== null || child.signalCode !== null,
    () => "it does not stop",
  );
}

it.each(STORES)("%s", async (name) => {
  const seen: Record<string, number> = {};
  for (let i = 0; i < STARTS; i++) {
    restore();
    const place = flip(name);
    const { child, said, answers } = await start();
    const refused = answers
      ? ""
      : `${child.signalCode ?? ""}${/STORE_CORRUPT/.exec(said() + readFileSync(join(datadir, "node.log"), "utf8"))?.[0]}`;
    const outcome = answers ? ((await readiness(devnet.rpcUrl)).code === 503 ? "red" : "right") : refused;
    expect(["right", "red", "STORE_CORRUPT"], place).toContain(outcome);
    if (outcome === "right") expect(await balancesNow(), place).toEqual(balances);
    if (answers) await stop(child);
    else expect(child.exitCode, place).toBe(1);
    seen[outcome] = (seen[outcome] ?? 0) + 1;
  }
  process.stdout.write(`${name}: ${JSON.stringify(seen)}\n`);
});

it("a state that was refused is made again by reexecute, as it says", async () => {
  restore();
  const path = join(datadir, "state.mdb");
  const bytes = readFileSync(path);
  for (let at = 2 * 4096 + 18; at < bytes.length; at += 4096) bytes[at] = 0x40; // the kind of every page
  writeFileSync(path, bytes);
  const { child, answers, said } = await start();
  expect([answers, child.exitCode, said()]).toEqual([false, 1, expect.stringMatching(/state\.mdb.*noema reexecute/)]);
  const { code, stdout } = await runCommand(process.execPath, [launcher, "reexecute", "--datadir", datadir]);
  expect({ code, stdout }).toMatchObject({ code: 0 });
  const again = await start();
  expect(again.answers, again.said()).toBe(true);
  expect(await balancesNow()).toEqual(balances);
  await stop(again.child);
});
