/** createDevnet() in a test suite: isolated from its neighbours, gone with whoever started it. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createDevnet, type Devnet } from "../../bin/create-devnet.mjs";
import { isAlive, startProcess } from "../harness/processes.ts";
import { until } from "../harness/wait.ts";

const LIBRARY = fileURLToPath(new URL("../../bin/create-devnet.mjs", import.meta.url));
const nets: Devnet[] = [];
const balanceOf = (net: Devnet, i: number) => net.request("eth_getBalance", [net.accounts[i]?.address, "latest"]);
const pay = (net: Devnet) =>
  net.request("eth_sendTransaction", [{ from: net.accounts[0]?.address, to: net.accounts[1]?.address, value: "0x1" }]);

beforeAll(async () => {
  nets.push(...(await Promise.all([1, 2, 3, 4].map(() => createDevnet()))));
});
afterAll(() => Promise.all(nets.map((net) => net.stop())));

it("four at once are four chains", async () => {
  expect(new Set(nets.map((x) => x.rpcUrl)).size).toBe(4);
  expect(new Set(nets.map((x) => x.chainId)).size).toBe(4);
  for (const net of nets) expect(Number(await net.request("eth_chainId"))).toBe(net.chainId);
});

it("what happens on one does not on another, and can be undone", async () => {
  const [one, other] = nets as [Devnet, Devnet];
  const before = await balanceOf(one, 1);
  const snapshot = await one.snapshot();
  await pay(one);
  expect(await balanceOf(one, 1)).not.toBe(before);
  expect(await balanceOf(other, 1)).toBe(before);
  await one.revert(snapshot);
  expect(await balanceOf(one, 1)).toBe(before);
  await expect(one.revert(snapshot)).rejects.toThrow(`there is no snapshot ${snapshot}`);
  await expect(one.request("eth_getBalance", ["nonsense"])).rejects.toMatchObject({ code: -32602 });
});

it("takes what the command takes, and rejects with what it complains of", async () => {
  const net = await createDevnet({ accounts: 2, chainId: 4242, mining: false, flags: ["--identity", "noema"] });
  expect(net).toMatchObject({ chainId: 4242, accounts: { length: 2 } });
  expect(await net.request("web3_clientVersion")).toMatch(/^noema/);
  await net.stop();
  await expect(createDevnet({ mnemonic: "no such words" })).rejects.toMatchObject({ code: "MNEMONIC_INVALID" });
  await expect(createDevnet({ hardfork: "no-such-fork" })).rejects.toThrow(/--hardfork no-such-fork/);
});

/** What is left of the devnet of a process that ended: killed, or as one that has nothing more to do (SIGUSR2) and never called stop. */
async function leftBy(signal: "SIGKILL" | "SIGUSR2") {
  const script = `import { createServer } from "node:net";
    import { createDevnet } from ${JSON.stringify(LIBRARY)};
    const net = await createDevnet();
    const busy = createServer().listen();
    process.once("SIGUSR2", () => busy.close());
    console.log(JSON.stringify({ pid: process.pid, url: net.rpcUrl }));`;
  const suite = startProcess(process.execPath, ["--input-type=module", "--eval", script]);
  await until(
    () => suite.output().includes("\n"),
    () => "the suite said nothing",
  );
  const { pid, url } = JSON.parse(suite.output()) as { pid: number; url: string };
  const processes = descendants(pid);
  process.kill(pid, signal);
  await suite.ended;
  await until(
    () => !processes.some((x) => isAlive(x.pid)),
    () => "the devnet outlives who started it",
  );
  await expect(fetch(url)).rejects.toThrow();
  const folders = processes.flatMap(({ line }) => /\S*noema-devnet-[^/\s]*/.exec(line)?.[0] ?? []);
  return { processes: processes.length, folders, left: folders.filter(existsSync) };
}

/** Of a process, with their command lines. */
function descendants(pid: number): { pid: number; line: string }[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  return children.flatMap((x) => [{ pid: x, line: readFileSync(`/proc/${x}/cmdline`, "utf8").replaceAll("\0", " ") }, ...descendants(x)]);
}

it.each(["SIGKILL", "SIGUSR2"] as const)("a suite that ends (%s) leaves no process and no folder", async (signal) => {
  expect(await leftBy(signal)).toEqual({ processes: 2, folders: [expect.stringContaining("noema-devnet-")], left: [] });
});
