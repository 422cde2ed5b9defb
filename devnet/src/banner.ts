/** What a person needs to start, in anvil's order: where it answers, accounts, keys, the chain; readable from 60 columns on. */
import { readFileSync } from "node:fs";
import { isAbsolute, join, relative } from "node:path";
import type { Genesis } from "@noema/core/genesis";
import type { Style } from "@noema/node/cli/style";
import { repositoryRoot } from "@noema/node/paths";
import { formatEther, formatGwei } from "viem";
import { DEFAULT_MNEMONIC } from "./accounts.ts";
import type { Devnet } from "./devnet.ts";
import type { ChainNow } from "./facts.ts";
import { counted, grouped, typed } from "./words.ts";

/** Accounts that are shown. */
export const SHOWN_ACCOUNTS = 10;
const LABEL_WIDTH = 15;

export function banner(devnet: Devnet, now: ChainNow, tookMs: number, style: Style): string {
  const rpc = devnet.rpcUrls[0] as string;
  const from = devnet.accounts[0]?.address;
  const to = devnet.accounts[1]?.address ?? from;
  const title = (text: string) => style("bold", text);
  const row = (label: string, value: string) => `  ${style("dim", label.padEnd(LABEL_WIDTH))}  ${value}`;
  const rows = (label: string, values: readonly string[]) => values.map((value, i) => row(i === 0 ? label : "", value));
  return [
    "",
    `${style(["bold", "cyan"], `Noema ${version()}`)}  ${counted(devnet.validators.length, "validator")}, ${style("green", `ready in ${(tookMs / 1000).toFixed(1)} s`)}`,
    "",
    row("RPC", style("cyan", rpc)),
    row("WebSocket", rpc.replace(/^http/, "ws")),
    row("Page", `${rpc}/ (draw a digit)`),
    ...(devnet.rpcUrls.length > 1 ? rows("Validators", devnet.rpcUrls) : []),
    row("Metrics", devnet.metricsUrls[0] as string),
    row("Data", `${nearby(devnet.datadir)}${devnet.resumed ? `, resumed at block ${now.height}` : ", new"}`),
    "",
    `${title("Accounts")}, balances in ETH`,
    ...devnet.accounts.slice(0, SHOWN_ACCOUNTS).map((x, i) => `  (${i}) ${x.address}  ${ether(now.balances[i] as bigint)}`),
    ...more(devnet),
    "",
    title("Private keys"),
    ...keyWarning(devnet).map((line) => style("yellow", `  ${line}`)),
    ...devnet.accounts.slice(0, SHOWN_ACCOUNTS).map((x, i) => `  (${i}) ${x.privateKey}`),
    ...more(devnet),
    "",
    title("Chain"),
    row("Mnemonic", devnet.mnemonic),
    row("Derivation path", "m/44'/60'/0'/0/i"),
    ...chainRows(devnet, now).map(([label, value]) => row(label, value)),
    "",
    title("Try"),
    ...(devnet.mnemonic === DEFAULT_MNEMONIC ? [`  ${typed("demo")} --rpc ${rpc}`] : []), // it pays from that one's accounts
    `  curl -T FILE ${rpc}/da`, // keeps it, and answers its id
    "  cast send --value 1ether --unlocked \\",
    `    --rpc-url ${rpc} \\`,
    `    --from ${from} \\`,
    `    ${to}`,
    "",
    devnet.ephemeral ? "Ctrl-C ends it, and what happened goes with it." : "Ctrl-C ends it; the same command goes on where it stopped.",
    "",
  ].join("\n");
}

function chainRows({ chainId, genesis }: Devnet, now: ChainNow): [string, string][] {
  return [
    ["Chain id", String(chainId)],
    ["Base fee", gasPrice(now.baseFee)],
    ["Gas limit", grouped(Number(genesis.execution.gasLimit))],
    ["Hard fork", genesis.fork],
    ["Blocks", blockTimes(genesis)],
    ["Precompiles", "0x0a00 MODEL_INFO, 0x0a01 INFER"],
    ["Models", now.models.join(", ")],
  ];
}

/** Of a devnet's genesis, in words; one that is older than its `mining` makes blocks while it is idle, too. */
function blockTimes({ consensus: { intervalMs, idleIntervalMs, instant }, execution: { mining } }: Genesis): string {
  if (mining === "none") return "when they are asked for";
  if (instant || mining === "auto") return "when a transaction arrives";
  const [busy, idle] = [Number(intervalMs) / 1000, Number(idleIntervalMs) / 1000];
  if (busy === idle) return `every ${busy} s`;
  return `every ${busy} s with transactions, else ${idle} s`;
}

function keyWarning({ mnemonic }: Devnet): string[] {
  if (mnemonic !== DEFAULT_MNEMONIC) return ["They stand here for all to read: never use them elsewhere."];
  return ["Of a public mnemonic, known to everybody:", "never use them elsewhere."];
}

function more({ accounts }: Devnet): string[] {
  return accounts.length > SHOWN_ACCOUNTS ? [`  ... and ${accounts.length - SHOWN_ACCOUNTS} more`] : [];
}

/** Four decimals are enough to know an account by; the whole figure is a wallet's. */
function ether(wei: bigint): string {
  if (wei > 0n && wei < 10n ** 14n) return "<0.0001";
  const [whole, fraction = ""] = formatEther(wei).split(".") as [string, string?];
  const shown = fraction.slice(0, 4).replace(/0+$/, "");
  return `${grouped(whole)}${shown && `.${shown}`}`;
}

function gasPrice(wei: bigint): string {
  return wei < 10n ** 6n ? `${wei} wei` : `${formatGwei(wei)} gwei`;
}

/** Below the working directory as it would be typed; `noema ps` and --config-out have it whole. */
function nearby(path: string): string {
  const typed = relative(process.cwd(), path);
  return typed === "" || typed.startsWith("..") || isAbsolute(typed) ? path : typed;
}

function version(): string {
  return JSON.parse(readFileSync(join(repositoryRoot(), "package.json"), "utf8")).version;
}
