import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plain } from "@noema/node/cli/style";
import { lockDatadir } from "@noema/node/store/datadir-lock";
import { afterEach, expect, test } from "vitest";
import { devnetState } from "./processes.ts";
import { table } from "./table.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Made as the devnet makes it; `running` hold their locks by this process. */
async function datadir(validators: number, running: readonly number[]): Promise<string> {
  const path = mkdtempSync(join(tmpdir(), "noema-ps-"));
  folders.push(path);
  writeFileSync(join(path, "devnet.json"), "{}");
  for (let i = 0; i < validators; i++) {
    const folder = join(path, `validator-${i}`);
    mkdirSync(folder);
    const rpcUrls = Array.from({ length: validators }, (_, index) => `http://127.0.0.1:${9000 + index}`);
    const parts = { rpcUrls, metrics: { port: 0 }, p2p: { port: 0, peers: [] }, models: path };
    const config = { ...parts, genesis: join(path, "genesis.json"), datadir: folder, rpc: { port: 9000 + i } };
    writeFileSync(join(folder, "config.json"), JSON.stringify(config));
    if (running.includes(i)) await lockDatadir(folder);
  }
  return path;
}

test("lock owners and answers, not what was true at the start", async () => {
  const path = await datadir(4, [0, 1, 3]);
  const asked: string[] = [];
  const answers = [
    { status: "synced" as const, latest: 7, finalized: 4, consensus: 7, executed: 7 },
    { status: "halted" as const, cause: "halted: 2 of 4 validators, quorum needs 3", latest: 6, finalized: 3, consensus: 6, executed: 6 },
  ];
  const state = await devnetState(path, async (url) => {
    asked.push(url);
    return answers[asked.length - 1];
  });
  expect(asked).toEqual(["http://127.0.0.1:9000", "http://127.0.0.1:9001", "http://127.0.0.1:9003"]);
  expect(state).toMatchObject({ datadir: path, pid: null });
  expect(state.validators).toMatchObject([
    { index: 0, pid: process.pid, alive: true, state: "synced", height: 7, rpcUrl: "http://127.0.0.1:9000" },
    { index: 1, pid: process.pid, alive: true, state: "halted", height: 6, cause: "halted: 2 of 4 validators, quorum needs 3" },
    { index: 2, pid: null, alive: false, state: "ended", height: null, cause: null },
    { index: 3, pid: process.pid, alive: true, state: "silent", height: null },
  ]);
  const pid = `${process.pid}`.padEnd(3);
  const gone = "-".padEnd(pid.length);
  expect(table({ ...state, datadir: "D" }, plain).split("\n")).toEqual([
    "devnet in D: does not run",
    `validator  ${"pid".padEnd(pid.length)}  state   height  RPC`,
    `0          ${pid}  synced  7       http://127.0.0.1:9000`,
    `1          ${pid}  halted  6       http://127.0.0.1:9001`,
    `2          ${gone}  ended   -       http://127.0.0.1:9002`,
    `3          ${pid}  silent  -       http://127.0.0.1:9003`,
    "validator 1: halted: 2 of 4 validators, quorum needs 3",
  ]);
});

test("a folder whose validators are gone is no table without rows", async () => {
  await expect(devnetState(await datadir(0, []), async () => undefined)).rejects.toMatchObject({ code: "DEV_DATADIR_DAMAGED" });
});

test("a folder without a devnet is refused", async () => {
  await expect(devnetState(tmpdir(), async () => undefined)).rejects.toMatchObject({ code: "DEV_NO_DEVNET" });
});
