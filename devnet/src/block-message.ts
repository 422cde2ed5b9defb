/** What a validator told its devnet of a block, in words for a console. */
import { to0x } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { TransactionFailure } from "@noema/execution/api";
import { revertReason } from "@noema/execution/trace/revert-reason";
import type { ToldBlock, ToldReceipt } from "@noema/node/start/parent";
import { consoleWords } from "./console-log.ts";

const MAX_REASON = 160;

export type ShownTransaction = {
  hash: string;
  from: string;
  to?: string;
  created?: string;
  gasUsed: string;
  failure?: string;
  console?: string[];
};
/** `height`: rises with each, while a revert lowers the number. */
export type BlockMessage = { height: number; number: number; txs: number; failed: number; gasUsed: string; shown: ShownTransaction[] };

export function blockMessage({ height, number, txs, failed, gasUsed, shown }: ToldBlock): BlockMessage {
  return { height, number, txs, failed, gasUsed: String(gasUsed), shown: shown.map(shownTransaction) };
}

function shownTransaction({ txHash, from, to, contractAddress, gasUsed, ok, failure, console = [] }: ToldReceipt): ShownTransaction {
  const said = console.map(consoleWords).filter((x) => x !== undefined);
  return {
    hash: to0x(txHash),
    from: to0x(from),
    ...(to === undefined ? {} : { to: to0x(to) }),
    ...(contractAddress === undefined ? {} : { created: to0x(contractAddress) }),
    gasUsed: String(gasUsed),
    ...(said.length === 0 ? {} : { console: said.map(printable) }),
    ...(ok ? {} : { failure: failure === undefined ? "failed" : failureWords(failure) }),
  };
}

/** "reverted: not the owner", "reverted with custom error 0x82b42900", "out of gas" */
export function failureWords({ error, output }: TransactionFailure): string {
  if (error !== "revert") return error.replace(/ at .*/s, ""); // without the library's own places
  if (output.length === 0) return "reverted without a reason";
  const reason = revertReason(output);
  return reason === undefined ? customError(output) : `reverted: ${printable(reason)}`;
}

function customError(output: Bytes): string {
  if (output.length < 4) return `reverted with ${to0x(output)}`;
  const args = output.length === 4 ? "" : ` and ${output.length - 4} bytes ${to0x(output.subarray(4, 36))}${output.length > 36 ? "…" : ""}`;
  return `reverted with custom error ${to0x(output.subarray(0, 4))}${args}`;
}

/** A contract's text goes to somebody's terminal: no control characters, one line of it. */
function printable(text: string): string {
  const clean = text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ").trim();
  return clean.length > MAX_REASON ? `${clean.slice(0, MAX_REASON)}…` : clean;
}
