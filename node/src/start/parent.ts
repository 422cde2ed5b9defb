/** What a node tells the process that started it with a channel (`serialization: "advanced"`), such as a devnet. */
import type { Bytes } from "@noema/core/ports/bytes";
import type { ExecutedBlock, ShownReceipt } from "@noema/execution/api";

export type ToldReceipt = Omit<ShownReceipt, "logs">;
/** As much as a console shows, whatever the block holds. */
export type ToldBlock = { height: number; number: number; gasUsed: bigint; txs: number; failed: number; shown: ToldReceipt[] };

export type NodeMessage =
  | { type: "ready" }
  /** Without a code: nobody foresaw it. */
  | { type: "failed"; code?: string; message: string }
  /** A block with transactions became `latest`. */
  | { type: "block"; block: ToldBlock };

/** Of what a contract said or reverted with. */
const MAX_TOLD_BYTES = 64 << 10;

/** To the parent, when there is one. */
export function tellParent(message: NodeMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {}); // a parent that was killed hears nothing
}

export function toldBlock({ result, txs, failed, shown }: ExecutedBlock): ToldBlock {
  return { height: result.height, number: result.number, gasUsed: result.gasUsed, txs, failed, shown: shown.map(told) };
}

function told({ logs, failure, console, ...receipt }: ShownReceipt): ToldReceipt {
  const cut = (bytes: Bytes) => bytes.slice(0, MAX_TOLD_BYTES); // a view would bring its whole buffer along
  return {
    ...receipt,
    ...(failure && { failure: { ...failure, output: cut(failure.output) } }),
    ...(console && { console: console.map(cut) }),
  };
}
