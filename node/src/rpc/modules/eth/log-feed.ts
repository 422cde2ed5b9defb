/**
 * The logs of each new block, for those who listen when it comes, in order and complete. Where its summary does not show all of its
 * receipts they are asked for, once for all listeners, and again until there is an answer or nobody listens.
 */
import { isNoemaError } from "@noema/core/errors";
import type { BlockNumber } from "@noema/core/ports/bytes";
import { createSerial } from "@noema/core/serial";
import type { LogRecord, ReceiptRecord } from "@noema/execution/api";
import { unasked } from "../../asker.ts";
import type { RpcDeps } from "../../deps.ts";

export type LogFeed = { listen(f: (log: LogRecord) => void): () => void; close(): void };

type Listener = (log: LogRecord) => void;

const RETRY_MS = 200;

export function createLogFeed({ chain, execution, clock, logger }: Pick<RpcDeps, "chain" | "execution" | "clock" | "logger">): LogFeed {
  const listeners = new Set<Listener>();
  const inOrder = createSerial();

  async function receiptsOf(number: BlockNumber, hears: () => boolean): Promise<readonly ReceiptRecord[]> {
    while (hears()) {
      try {
        return await unasked(() => execution.receipts(number)); // a block may come in the turn of a request, that of the send in it
      } catch (error) {
        logger.log("warn", "a block's logs are asked for again", { number, error: isNoemaError(error) ? error.code : String(error) });
        await new Promise<void>((resolve) => clock.after(RETRY_MS, resolve));
      }
    }
    return [];
  }

  const close = chain.onHead(({ block, txs, shown }) => {
    if (listeners.size === 0 || block === undefined || block.logsBloom.every((x) => x === 0)) return;
    const { number } = block;
    const known = shown.length === txs ? shown : undefined;
    const hearing = [...listeners];
    const live = () => hearing.filter((f) => listeners.has(f));
    void inOrder(async () => {
      const receipts = known ?? (await receiptsOf(number, () => live().length > 0));
      for (const f of live()) for (const { logs } of receipts) for (const log of logs) f(log);
    });
  });

  return {
    listen(f) {
      const own: Listener = (log) => f(log);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    close() {
      listeners.clear();
      close();
    },
  };
}
