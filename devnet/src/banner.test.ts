import { resolve } from "node:path";
import { plain } from "@noema/node/cli/style";
import { expect, test } from "vitest";
import { DEFAULT_MNEMONIC, deriveAccounts } from "./accounts.ts";
import { banner } from "./banner.ts";
import type { Devnet } from "./devnet.ts";
import type { ChainNow } from "./facts.ts";

const urls = (first: number, n: number) => Array.from({ length: n }, (_, i) => `http://127.0.0.1:${first + i}`);

function devnet(
  overrides: {
    datadir?: string;
    validators?: number;
    accounts?: number;
    resumed?: boolean;
    mnemonic?: string;
    consensus?: object;
    mining?: string;
  } = {},
): Devnet {
  const { validators = 4, accounts = 10, resumed = false, mnemonic = DEFAULT_MNEMONIC, datadir = "/data/devnet" } = overrides;
  const consensus = overrides.consensus ?? { intervalMs: 200, idleIntervalMs: 4000, instant: false };
  return {
    chainId: 31337,
    genesis: { fork: "osaka", consensus, execution: { gasLimit: 30_000_000, mining: overrides.mining } },
    mnemonic,
    datadir,
    resumed,
    rpcUrls: urls(8545, validators),
    metricsUrls: urls(9545, validators).map((x) => `${x}/metrics`),
    accounts: deriveAccounts(mnemonic, accounts),
    validators: Array.from({ length: validators }, () => ({})),
  } as unknown as Devnet;
}

const now: ChainNow = { height: 0, baseFee: 1_000_000_000n, balances: Array(10).fill(10_000n * 10n ** 18n), models: ["digits"] };
const shown = (net: Devnet, facts = now) => banner(net, facts, 2649, plain).split("\n");

test("in anvil's order: where it answers, accounts, private keys, the chain, a snippet", () => {
  const lines = shown(devnet());
  expect(lines[1]).toMatch(/^Noema \d+\.\d+\.\d+ {2}4 validators, ready in 2\.6 s$/);
  const titles = [
    "RPC",
    "WebSocket",
    "Page",
    "Accounts",
    "Private keys",
    "Mnemonic",
    "Chain id",
    "Base fee",
    "Gas limit",
    "Hard fork",
    "Blocks",
    "Try",
  ];
  const places = titles.map((title) => lines.findIndex((line) => line.trim().startsWith(title)));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places).not.toContain(-1);
  for (const line of [
    "  (0) 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266  10,000",
    "  (0) 0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
    "  Of a public mnemonic, known to everybody:",
    "  Base fee         1 gwei",
    "  Gas limit        30,000,000",
    "  Blocks           every 0.2 s with transactions, else 4 s",
    "                   http://127.0.0.1:8548",
  ])
    expect(lines).toContain(line);
});

test("nothing but a key and the mnemonic is wider than 60 columns, and nothing than 80", () => {
  const wide = shown(devnet()).filter((line) => line.length > 60);
  expect(wide.filter((line) => !/^ {2}(\(\d\) 0x[0-9a-f]{64}|Mnemonic .*)$/.test(line))).toEqual([]);
  expect(wide.filter((line) => line.length > 80)).toEqual([]);
});

test("a resumed chain has its own balances, height and base fee", () => {
  const balances = [0n, 1n, 12_345_678_900_000_000_000n, 10n ** 22n + 1n, ...now.balances.slice(4)];
  const lines = shown(devnet({ resumed: true }), { ...now, height: 17, baseFee: 7n, balances });
  const shownBalances = lines.filter((line) => /^ {2}\(\d\) 0x.{40} /.test(line)).map((line) => line.split(/ +/)[3]);
  expect(shownBalances.slice(0, 4)).toEqual(["0", "<0.0001", "12.3456", "10,000"]);
  expect(lines).toContain("  Data             /data/devnet, resumed at block 17");
  expect(lines).toContain("  Base fee         7 wei");
});

test("one validator, one account, another mnemonic, other blocks", () => {
  const consensus = { intervalMs: 1, idleIntervalMs: 4000, instant: true };
  const own = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
  const lines = shown(devnet({ validators: 1, accounts: 1, mnemonic: own, consensus }));
  expect(lines[1]).toContain("1 validator, ready");
  expect(lines).toContain("  Blocks           when a transaction arrives");
  expect(lines.join()).not.toMatch(/public mnemonic|undefined|Validators|run demo/);
  const steady = devnet({ consensus: { intervalMs: 2000, idleIntervalMs: 2000, instant: false } });
  expect(shown(steady)).toContain("  Blocks           every 2 s");
  expect(shown(devnet({ mining: "auto" }))).toContain("  Blocks           when a transaction arrives");
  expect(shown(devnet({ mining: "none" }))).toContain("  Blocks           when they are asked for");
});

test("a data directory below the working directory stands as it would be typed", () => {
  expect(shown(devnet({ datadir: resolve(".noema/devnet") }))).toContain("  Data             .noema/devnet, new");
});

test("of many accounts the first ten", () => {
  const lines = shown(devnet({ accounts: 14 }));
  expect(lines.filter((line) => line === "  ... and 4 more")).toHaveLength(2);
  expect(lines.join()).not.toContain("(10)");
});
