/** The console's lines of blocks: one a transaction; when more come than anybody can read, one a second for all. */
import type { Clock } from "@noema/core/ports/clock";
import type { Style } from "@noema/node/cli/style";
import { getAddress } from "viem";
import type { BlockMessage, ShownTransaction } from "./block-message.ts";
import type { Explain } from "./explain-failure.ts";
import { counted, grouped } from "./words.ts";

const LINES_A_SECOND = 20;
const SUMMARY_MS = 1000;

export type BlockLinesDeps = {
  say: (line: string) => void;
  style: Style;
  clock: Clock /** Of the terminal, if it is one. */;
  columns?: () => number | undefined;
  /** What stands below one that failed, when it is known. */
  explain?: Explain;
};
type Summary = { from: number; to: number; txs: number; failed: number; gas: bigint; shown: { number: number; tx: ShownTransaction }[] };

/** Takes what all validators tell: each does so in order, and the first to tell of a height is shown. */
export function createBlockLines(deps: BlockLinesDeps): (block: BlockMessage) => void {
  const { say, clock, style } = deps;
  const line = (number: number, tx: ShownTransaction) => {
    say(transactionLine(number, tx, style, deps.columns?.()));
    if (tx.failure === undefined) return;
    // Other lines may stand between by then.
    deps.explain?.(tx.hash).then((lines) => lines.length > 0 && say([`${style("dim", tx.hash)}:`, ...lines].join("\n")));
  };
  let newest = 0;
  let allowance = LINES_A_SECOND;
  let refilledAt = clock.nowMs();
  let summary: Summary | undefined;

  const mayShow = (block: BlockMessage) => {
    if (summary !== undefined) return false; // what is left of the allowance stays: a steady load is one line a second
    const now = clock.nowMs();
    allowance = Math.min(LINES_A_SECOND, allowance + ((now - refilledAt) * LINES_A_SECOND) / 1000);
    refilledAt = now;
    return block.shown.length === block.txs && block.txs <= allowance;
  };
  const flush = () => {
    if (summary === undefined) return;
    say(summaryLine(summary, style));
    for (const { number, tx } of summary.shown) line(number, tx);
    summary = undefined;
    refilledAt = clock.nowMs();
  };
  return (block) => {
    if (block.height <= newest) return;
    newest = block.height;
    if (mayShow(block)) {
      allowance -= block.txs;
      for (const tx of block.shown) line(block.number, tx);
      return;
    }
    if (summary === undefined) clock.after(SUMMARY_MS, flush);
    summary = added(summary, block);
  };
}

/** Failed ones that stand below a summary. */
const FAILED_SHOWN = 3;

function added(before: Summary | undefined, { number, txs, failed, gasUsed, shown }: BlockMessage): Summary {
  const sum = before ?? { from: number, to: number, txs: 0, failed: 0, gas: 0n, shown: [] };
  const failures = shown.filter((tx) => tx.failure !== undefined).map((tx) => ({ number, tx }));
  return {
    from: sum.from,
    to: number,
    txs: sum.txs + txs,
    failed: sum.failed + failed,
    gas: sum.gas + BigInt(gasUsed),
    shown: [...sum.shown, ...failures].slice(0, FAILED_SHOWN),
  };
}

function summaryLine({ from, to, txs, failed, gas }: Summary, style: Style): string {
  const where = from === to ? `block ${from}` : `blocks ${from} to ${to}`;
  const failures = failed === 0 ? "" : `, ${style("red", `${failed} failed`)}`;
  return `${where}: ${counted(txs, "transaction")}${failures}, ${grouped(gas)} gas`;
}

/** Height, who to whom, gas, what went wrong, hash, and below them what its contracts said; on a narrow terminal not torn inside any of them. */
export function transactionLine(number: number, tx: ShownTransaction, style: Style, columns = Number.POSITIVE_INFINITY): string {
  const parts = [`block ${number}`, `${short(tx.from)} -> ${target(tx)}`, `${grouped(tx.gasUsed)} gas`, tx.failure, tx.hash];
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (part === undefined) continue;
    if (last === undefined) lines.push(part);
    else if (last.length + 2 + part.length <= columns) lines[lines.length - 1] = `${last}  ${part}`;
    else lines.push(`  ${part}`);
  }
  const whole = lines.join("\n");
  const said = (tx.console ?? []).map((words) => `\n  console.log: ${words}`).join("");
  return `${tx.failure === undefined ? whole.replace(tx.hash, style("dim", tx.hash)) : style("red", whole)}${said}`;
}

function target({ to, created, failure }: ShownTransaction): string {
  if (to !== undefined) return short(to);
  return created === undefined || failure !== undefined ? "new contract" : `new ${getAddress(created)}`;
}

function short(address: string): string {
  const checked = getAddress(address);
  return `${checked.slice(0, 6)}…${checked.slice(-4)}`;
}
