/**
 * The logs of each new block, and again those of blocks that a revert takes out, newest first: for those who listen when it comes, in order
 * and complete. What a summary does not show is asked for, once for all listeners, and again until there is an answer or nobody listens.
 */
import { blockNumber } from "@noema/core/block-number";
import { isNoemaError } from "@noema/core/errors";
import { createSerial } from "@noema/core/serial";
import type { LogRecord, ReceiptRecord } from "@noema/execution/records";
import { unasked } from "../../asker.ts";
import type { RpcDeps } from "../../deps.ts";
import { MAX_LOGS } from "./log-filter.ts";

/** `removed`: its block is of the chain no more. */
type Listener = (log: LogRecord, removed: boolean) => void;
export type LogFeed = { listen(f: Listener): () => void; close(): void };

const RETRY_MS = 200;

export function createLogFeed({ chain, execution, clock, logger }: Pick<RpcDeps, "chain" | "execution" | "clock" | "logger">): LogFeed {
  const listeners = new Set<Listener>();
  const inOrder = createSerial();

  async function answerOf<T>(question: () => Promise<readonly T[]>, hears: () => boolean): Promise<readonly T[]> {
    while (hears()) {
      try {
        return await unasked(question); // a block may come in the turn of a request, that of the send in it
      } catch (error) {
        if (isNoemaError(error, "LIMIT_EXCEEDED")) {
          logger.log("warn", "more logs were taken back than listeners are told of", error.data);
          return [];
        }
        logger.log("warn", "a block's logs are asked for again", { error: isNoemaError(error) ? error.code : String(error) });
        await new Promise<void>((resolve) => clock.after(RETRY_MS, resolve));
      }
    }
    return [];
  }

  /** In its turn, for those who listen now and then still. */
  function tell(logsOf: (hears: () => boolean) => Promise<readonly LogRecord[]>, removed: boolean): void {
    const hearing = [...listeners];
    const live = () => hearing.filter((f) => listeners.has(f));
    void inOrder(async () => {
      const logs = await logsOf(() => live().length > 0);
      for (const f of live()) for (const log of logs) f(log, removed);
    });
  }

  const close = chain.onHead(({ result: { height }, block, reverted, txs, shown }) => {
    if (listeners.size === 0) return;
    if (reverted !== undefined) {
      const all = { after: height - 1, upTo: height, from: blockNumber(0), to: blockNumber(Number.MAX_SAFE_INTEGER), limit: MAX_LOGS };
      tell((hears) => answerOf(async () => (await execution.logChanges(all)).removed, hears), true);
    }
    if (block === undefined || block.logsBloom.every((x) => x === 0)) return;
    const { number } = block;
    const known = shown.length === txs ? shown : undefined;
    const receipts = (hears: () => boolean) => known ?? answerOf<ReceiptRecord>(() => execution.receipts(number), hears);
    tell(async (hears) => (await receipts(hears)).flatMap(({ logs }) => logs), false);
  });

  return {
    listen(f) {
      const own: Listener = (log, removed) => f(log, removed);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    close() {
      listeners.clear();
      close();
    },
  };
}
