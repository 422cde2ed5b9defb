/** A chain with many transactions, dumped by its flag and loaded by the other: the same state root. NOEMA_E2E_TRANSACTIONS=10000 for as many. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { to0x } from "@noema/core/bytes";
import { readDump } from "@noema/execution/dump/read";
import { afterAll, expect, it } from "vitest";
import { type RunningDevnet, rpc, startDevnet } from "../harness/devnet.ts";
import { until } from "../harness/wait.ts";

const TRANSACTIONS = Number(process.env.NOEMA_E2E_TRANSACTIONS ?? 300);
const BATCH = 100;
/** Stores its calldata's first word under the word after it. */
const STORE = "0x6009600c60003960096000f35f3560203555600000";

const folder = mkdtempSync(join(tmpdir(), "noema-dump-"));
const running: RunningDevnet[] = [];
afterAll(async () => {
  for (const devnet of running) await devnet.destroy();
  rmSync(folder, { recursive: true, force: true });
});

async function start(...args: string[]): Promise<RunningDevnet> {
  const devnet = await startDevnet(args);
  running.push(devnet);
  return devnet;
}

async function batch(url: string, calls: readonly (readonly [string, ...unknown[]])[]): Promise<unknown[]> {
  const body = JSON.stringify(calls.map(([method, ...params], id) => ({ jsonrpc: "2.0", id, method, params })));
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  return ((await response.json()) as { id: number; result: unknown }[]).sort((a, b) => a.id - b.id).map((x) => x.result);
}

const word = (n: number) => n.toString(16).padStart(64, "0");
const put = (url: string, body: Uint8Array<ArrayBuffer>) => fetch(`${url}/state`, { method: "PUT", body });

it(`${TRANSACTIONS} transactions on one validator, loaded into another and into four: the same root, and both go on`, async () => {
  const file = join(folder, "state");
  const one = await start("--validators", "1", "--dump-state", file);
  const from = one.accounts.map((x) => x.address);
  const made = await rpc<string>(one.rpcUrl, "eth_sendTransaction", { from: from[0], data: STORE });
  const { contractAddress } = await rpc<{ contractAddress: string }>(one.rpcUrl, "eth_getTransactionReceipt", made);
  for (let sent = 0; sent < TRANSACTIONS; sent += BATCH)
    await batch(
      one.rpcUrl,
      Array.from({ length: Math.min(BATCH, TRANSACTIONS - sent) }, (_, k) => {
        const i = sent + k;
        const to = i % 3 === 0 ? contractAddress : `0x${(0xabc000 + i).toString(16).padStart(40, "0")}`;
        return [
          "eth_sendTransaction",
          { from: from[i % 10], to, ...(i % 3 === 0 ? { data: `0x${word(i + 1)}${word(i)}`, gas: "0x186a0" } : { value: "0x1" }) },
        ];
      }),
    );
  await rpc(one.rpcUrl, "evm_increaseTime", 1000);
  expect(await one.interrupt()).toBe(0);
  const bytes = new Uint8Array(readFileSync(file));
  const { stateRoot, accounts } = readDump(bytes);
  const all = [...accounts()];
  expect(all.length).toBeGreaterThan((2 * TRANSACTIONS) / 3);
  expect(all.find((x) => to0x(x.address) === contractAddress)?.slots.length).toBe(Math.ceil(TRANSACTIONS / 3));

  for (const validators of ["1", "4"]) {
    const loaded = await start("--validators", validators, "--accounts", "3");
    const before = await rpc<string>(loaded.rpcUrl, "eth_getCode", contractAddress);
    const bad = await put(loaded.rpcUrl, bytes.with(bytes.length >> 1, 0xee));
    expect([bad.status, await bad.json(), before]).toMatchObject([400, { code: "DEV_DUMP_CHECKSUM" }, "0x"]);
    const answer = await put(loaded.rpcUrl, bytes);
    expect([answer.status, await answer.json()]).toMatchObject([200, { accounts: all.length, stateRoot: to0x(stateRoot) }]);
    const url = loaded.rpcUrls.at(-1) as string;
    await until(
      async () => (await rpc(url, "eth_getStorageAt", contractAddress, "0x3")) === `0x${word(4)}`,
      () => "the last validator has another state",
    );
    expect(await rpc(loaded.rpcUrl, "eth_sendTransaction", { from: from[0], to: from[1] })).toMatch(/^0x/);
    await loaded.destroy();
  }
});

it("--state begins with the file, goes on with the data directory, and keeps the file new", async () => {
  const file = join(folder, "both");
  const first = await startDevnet(["--validators", "1", "--state", file]);
  running.push(first);
  const [a, b] = first.accounts.map((x) => x.address);
  await rpc(first.rpcUrl, "eth_sendTransaction", { from: a, to: b, value: "0x5" });
  expect(await first.interrupt()).toBe(0);
  const kept = readFileSync(file);
  const again = await startDevnet(["--validators", "1", "--state", file, "--fresh"], first.folder);
  running.push(again);
  expect(await rpc(again.rpcUrl, "eth_blockNumber")).toBe("0x0");
  expect(await rpc(again.rpcUrl, "eth_getTransactionCount", a, "latest")).toBe("0x1");
  await rpc(again.rpcUrl, "eth_sendTransaction", { from: a, to: b, value: "0x5" });
  expect(await again.interrupt()).toBe(0);
  expect(readFileSync(file).equals(kept)).toBe(false);
  writeFileSync(file, kept);
  const resumed = await startDevnet(["--validators", "1", "--state", file], first.folder);
  running.push(resumed);
  expect(await rpc(resumed.rpcUrl, "eth_getTransactionCount", a, "latest")).toBe("0x2");
  expect(resumed.output()).toContain("goes on with its own state");
});
