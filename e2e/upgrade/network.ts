/** Four validators that an operator founded by the commands of one version, each of which is run by this or by another one. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { claimPortBlock } from "@noema/node/testing/port-block";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { lastLinesOf, type StartedProcess, startProcess, watch } from "../harness/processes.ts";
import type { TrafficTarget } from "../harness/traffic.ts";
import { until } from "../harness/wait.ts";

const VALIDATORS = 4;
const CHAIN_ID = 4242;
const ACCOUNTS = 4;

export type Network = {
  urls: readonly string[];
  target: TrafficTarget;
  folderOf(index: number): string;
  logOf(index: number): string;
  /** By a version's launcher; resolves when it answers. */
  start(index: number, launcher: string): Promise<void>;
  /** Resolves with the milliseconds until it was gone, and how it ended. */
  stop(index: number, signal: NodeJS.Signals): Promise<{ ms: number; code: number | null }>;
  destroy(): Promise<void>;
};

export async function foundNetwork(launcher: string): Promise<Network> {
  const root = mkdtempSync(join(tmpdir(), "noema-upgrade-"));
  const { ports, release } = await claimPortBlock(3 * VALIDATORS);
  const portOf = (kind: number, index: number) => ports[kind * VALIDATORS + index] as number;
  const urls = Array.from({ length: VALIDATORS }, (_, i) => `http://127.0.0.1:${portOf(0, i)}`);
  const keys = Array.from({ length: ACCOUNTS }, generatePrivateKey);
  const accounts = keys.map((privateKey) => ({ privateKey, address: privateKeyToAccount(privateKey).address }));
  const folderOf = (index: number) => join(root, String(index));
  const logOf = (index: number) => join(folderOf(index), "node", "node.log");

  const noema = async (index: number, ...args: string[]) => {
    const { code, output } = await startProcess(process.execPath, [launcher, ...args], { cwd: folderOf(index) }).ended;
    if (code !== 0) throw new Error(`noema ${args.join(" ")}: ${output}`);
  };
  const indices = urls.map((_, i) => i);
  const registrations = join(root, "registrations");
  mkdirSync(registrations);
  for (const i of indices) {
    mkdirSync(folderOf(i));
    writeFileSync(join(folderOf(i), "password"), "an upgrade's password", { mode: 0o600 });
    const secret = ["--datadir", "node", "--password-file", "password"];
    await noema(i, "keys", "new", ...secret, "--mnemonic-file", "mnemonic");
    const who = ["--name", `v${i}`, "--address", `/ip4/127.0.0.1/tcp/${portOf(2, i)}`, "--fee-address", `0x${`${i + 1}`.repeat(40)}`];
    await noema(i, "network", "register", ...secret, ...who, "--out", join(registrations, `${i}.json`));
  }
  const alloc = Object.fromEntries(accounts.map(({ address }) => [address, { balance: "1000000000000000000000" }]));
  writeFileSync(join(root, "settings.json"), JSON.stringify({ execution: { alloc } }));
  const file = join(root, "network.json");
  await noema(0, "network", "new", "--validators", registrations, "--settings", join(root, "settings.json"), "--chain-id", String(CHAIN_ID), "--out", file); // biome-ignore format: one line
  for (const i of indices) {
    const own = ["--rpc-port", String(portOf(0, i)), "--metrics-port", String(portOf(1, i))];
    await noema(i, "init", "--network", file, "--datadir", "node", "--password-file", "password", ...own);
  }

  const nodes = new Map<number, StartedProcess>();
  const unwatch = indices.map((i) =>
    watch({
      lastWords: () => `validator ${i}: ${nodes.get(i)?.output() ?? "it does not run"}\n${lastLinesOf(logOf(i))}`,
      fault: () => (nodes.get(i)?.ending() === undefined ? undefined : `validator ${i} ended: ${nodes.get(i)?.ending()}`),
    }),
  );
  const answers = (url: string) => fetch(`${url}/livez`).then((x) => x.ok, () => false); // biome-ignore format: one line
  const stop: Network["stop"] = async (index, signal) => {
    const node = nodes.get(index) as StartedProcess;
    nodes.delete(index);
    const from = performance.now();
    node.child.kill(signal);
    const { code } = await node.ended;
    return { ms: Math.round(performance.now() - from), code };
  };
  return {
    urls,
    target: { chainId: CHAIN_ID, rpcUrl: urls[0] as string, rpcUrls: urls, accounts },
    folderOf: (index) => join(folderOf(index), "node"),
    logOf: (index) => readFileSync(logOf(index), "utf8"),
    async start(index, by) {
      nodes.set(index, startProcess(process.execPath, [by, "start", "--datadir", "node"], { cwd: folderOf(index) }));
      await until(
        () => answers(urls[index] as string),
        () => `validator ${index} does not answer`,
      );
    },
    stop,
    async destroy() {
      for (const index of [...nodes.keys()]) await stop(index, "SIGTERM");
      for (const f of unwatch) f();
      release();
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
