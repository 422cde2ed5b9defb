/** A devnet from its first start to its end, as a person and their shell treat it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, expect, it } from "vitest";
import { blockOf, heightOf, reach } from "../harness/chain.ts";
import { launcher, type RunningDevnet, startDevnet } from "../harness/devnet.ts";
import { isAlive, lastLines, type StartedProcess, startProcess, watch } from "../harness/processes.ts";
import { createSender, submit } from "../harness/traffic.ts";
import { until } from "../harness/wait.ts";

/** Blocks that come by themselves: a chain that lives on is seen without sending. */
const BY_THE_CLOCK = ["--block-time", "0.5"];
const ANY_PORTS = ["--port", "0", "--metrics-port", "0"];
const folders: string[] = [];
const devnets: RunningDevnet[] = [];

afterEach(async () => {
  for (const devnet of devnets.splice(0)) await devnet.destroy();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "noema-e2e-"));
  folders.push(folder);
  return folder;
}

async function start(folder: string, ...args: string[]): Promise<RunningDevnet> {
  const devnet = await startDevnet(args, folder);
  devnets.push(devnet);
  return devnet;
}

/** One that does not come to run; on free ports. */
function attempt(folder: string, ...args: string[]): StartedProcess {
  return startProcess(process.execPath, [launcher, "devnet", ...ANY_PORTS, "--datadir", join(folder, "data"), ...args]);
}

async function allGone(pids: readonly number[]): Promise<void> {
  await until(
    () => !pids.some(isAlive),
    () => `still running: ${pids.filter(isAlive)}`,
  );
}

const pidsOf = (devnet: RunningDevnet) => devnet.validators.map((x) => devnet.pidOf(x.index));

it("writes its state and takes its folder along when the reader of what it says goes with it", async () => {
  const folder = newFolder();
  const [state, temporary] = [join(folder, "state"), join(folder, "tmp")];
  mkdirSync(temporary);
  const args = [launcher, "devnet", ...ANY_PORTS, "--validators", "1", "--ephemeral", "--dump-state", state];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, TMPDIR: temporary } });
  for await (const line of createInterface(child.stdout)) if (line.startsWith("Ctrl-C")) break; // the reader goes
  child.stdout.destroy();
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([0, null]);
  expect([existsSync(state), readdirSync(temporary)]).toEqual([true, []]);
});

it("describes itself completely, ends by Ctrl-C with a validator that was restarted, and goes on", async () => {
  const folder = newFolder();
  const first = await start(folder, "--validators", "4", "--accounts", "3", ...BY_THE_CLOCK);
  expect(Object.keys(first.config).sort()).toEqual(["accounts", "chainId", "pids", "rpcUrl", "rpcUrls", "validators", "wsUrl"]);
  expect(first).toMatchObject({ chainId: 31337, rpcUrl: first.rpcUrls[0], wsUrl: first.rpcUrl.replace("http", "ws") });
  expect(first.accounts).toHaveLength(3);
  expect(first.accounts[0]).toEqual({
    address: "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
    privateKey: "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
  });
  for (const [index, validator] of first.validators.entries()) {
    expect(Object.keys(validator).sort()).toEqual(["command", "datadir", "index", "pid", "rpcUrl"]);
    expect(validator).toMatchObject({ index, pid: first.pids[index], rpcUrl: first.rpcUrls[index] });
    expect(existsSync(validator.datadir)).toBe(true);
    expect(await heightOf(validator.rpcUrl)).toBeGreaterThanOrEqual(0);
  }
  expect(readdirSync(folder).filter((x) => x.includes(".tmp"))).toEqual([]);

  await first.kill(2);
  await first.restart(2);
  const sender = await createSender(first, 0);
  await submit(first.rpcUrl, (await sender.sign()).raw);
  await reach(first.rpcUrls, 2);
  const block = await blockOf(first.rpcUrl, 1);
  const pids = pidsOf(first);
  expect(await first.interrupt()).toBe(0);
  await allGone(pids);
  expect(first.output()).toContain("goes on from there");

  const second = await start(folder, "--validators", "4", "--accounts", "3", ...BY_THE_CLOCK);
  // the configuration is written once every RPC answers, the banner right after
  await until(
    () => second.output().includes("resumed"),
    () => `no word of resuming: ${second.output()}`,
  );
  expect(await blockOf(second.rpcUrl, 1)).toEqual(block);
  await reach(second.rpcUrls, (await heightOf(second.rpcUrl)) + 2);
  expect(await second.signal("SIGTERM")).toBe(0);
  await allGone(pidsOf(second));
});

it("ends cleanly when the terminal signals the whole process group", async () => {
  const devnet = await start(newFolder(), "--validators", "2");
  expect(await devnet.signal("SIGINT", "group")).toBe(0);
  await allGone(devnet.pids);
  for (const validator of devnet.validators)
    expect(readFileSync(join(validator.datadir, "node.log"), "utf8")).toContain('"msg":"node stopped"');
});

it("takes its validators along when it is killed, and starts again at once", async () => {
  const folder = newFolder();
  const devnet = await start(folder, "--validators", "2", ...BY_THE_CLOCK);
  await reach(devnet.rpcUrls, 1);
  await devnet.signal("SIGKILL");
  const again = await start(folder, "--validators", "2", ...BY_THE_CLOCK);
  await allGone(devnet.pids);
  await reach(again.rpcUrls, (await heightOf(again.rpcUrl)) + 1);
});

it("starts again after it was killed while starting", async () => {
  const folder = newFolder();
  const made = ["devnet.json", "validator-1/config.json", "validator-1/node.log"];
  for (const file of made) {
    const { child, ended } = attempt(folder, "--validators", "2", ...BY_THE_CLOCK);
    await until(
      () => existsSync(join(folder, "data", file)),
      () => `${file} was not made`,
    );
    child.kill("SIGKILL");
    await ended;
  }
  const devnet = await start(folder, "--validators", "2", ...BY_THE_CLOCK);
  await reach(devnet.rpcUrls, 2);
});

it("refuses other options, a second devnet, and a port that is taken, and touches nothing", async () => {
  const folder = newFolder();
  const devnet = await start(folder, "--validators", "2", ...BY_THE_CLOCK, "--chain-id", "4242");
  for (const more of [[], ["--fresh"]]) {
    const { code, output } = await attempt(folder, "--validators", "2", ...BY_THE_CLOCK, "--chain-id", "4242", ...more).ended;
    expect([code, output]).toEqual([1, expect.stringContaining("DATADIR_LOCKED")]);
  }
  const height = await heightOf(devnet.rpcUrl);
  await reach(devnet.rpcUrls, height + 1);
  expect(devnet.pids.every(isAlive)).toBe(true);
  expect(await devnet.interrupt()).toBe(0);

  for (const options of [
    ["--validators", "3", ...BY_THE_CLOCK, "--chain-id", "4242"],
    ["--validators", "2", ...BY_THE_CLOCK, "--chain-id", "4243"],
    ["--validators", "2", "--chain-id", "4242", "--block-time", "1"],
  ]) {
    const { code, output } = await attempt(folder, ...options).ended;
    expect([code, output]).toEqual([1, expect.stringContaining("DEV_DATADIR_MISMATCH")]);
  }

  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  const { code, output } = await attempt(newFolder(), "--port", String(port)).ended;
  server.close();
  expect([code, output]).toEqual([1, expect.stringMatching(new RegExp(`port ${port} .*DEV_PORT_IN_USE`))]);
});

it("with one validator makes a block for a transaction and none without, also after a restart", async () => {
  const folder = newFolder();
  let height = 0;
  for (const kill of ["SIGINT", "SIGKILL"] as const) {
    const devnet = await start(folder, "--validators", "1");
    expect(await heightOf(devnet.rpcUrl)).toBe(height);
    const sender = await createSender(devnet, 0);
    for (let i = 0; i < 5; i++) {
      await submit(devnet.rpcUrl, (await sender.sign()).raw);
      height++;
      await reach([devnet.rpcUrl], height);
      expect(await heightOf(devnet.rpcUrl, "finalized")).toBe(height);
      expect((await blockOf(devnet.rpcUrl, height)).transactions).toHaveLength(1);
    }
    if (kill === "SIGINT") await devnet.interrupt();
    else {
      await devnet.kill(0);
      await devnet.restart(0);
      // A full block's gap: the chain went on from the very height that it had.
      expect(await heightOf(devnet.rpcUrl)).toBe(height);
      await submit(devnet.rpcUrl, (await sender.sign()).raw);
      await reach([devnet.rpcUrl], height + 1);
    }
  }
});

it.each(["SIGINT", "SIGTERM"] as const)("`npm run devnet` ends with all it started when only npm gets %s", async (signal) => {
  const folder = newFolder();
  const configOut = join(folder, "config.json");
  const args = ["run", "devnet", "--", ...ANY_PORTS, "--datadir", join(folder, "data"), "--config-out", configOut];
  // the port of one validator reaches none of them: both would want it
  const variables = { NOEMA_DEVNET_VALIDATORS: "2", NOEMA_LOG_LEVEL: "debug", NOEMA_RPC_PORT: "1" };
  const npm = startProcess("npm", args, { cwd: new URL("../..", import.meta.url), env: { ...process.env, ...variables } });
  const unwatch = watch({
    fault: () => npm.ending() && `npm ended: ${npm.ending()}`,
    lastWords: () => lastLines(npm.output()),
  });
  await until(
    () => existsSync(configOut),
    () => "it did not start",
  ).finally(unwatch);
  const { pids } = JSON.parse(readFileSync(configOut, "utf8")) as { pids: number[] };
  expect(pids).toHaveLength(2);
  expect(JSON.parse(readFileSync(join(folder, "data", "validator-1", "config.json"), "utf8"))).toMatchObject({ logLevel: "debug" });
  npm.child.kill(signal);
  await allGone([...pids, npm.child.pid as number]);
});
