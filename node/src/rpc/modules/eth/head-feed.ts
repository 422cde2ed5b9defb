/** Headers as they become newest, quiet blocks' too, which are looked up: what comes meanwhile waits, so that all come in order. */
import { blockNumber } from "@noema/core/block-number";
import type { ChainReads, ExecutedBlock } from "@noema/execution/api";
import type { HeadRecord } from "@noema/execution/records";
import type { ChainFacts } from "../../deps.ts";

type Deps = { chain: Pick<ChainFacts, "onHead">; execution: Pick<ChainReads, "block"> };

type Send = (head: HeadRecord) => void;

/** For all who listen: each head is looked up once, while somebody does. */
export function createHeadFeed(deps: Deps): (send: Send) => () => void {
  const listeners = new Set<{ send: Send }>();
  let stop: (() => void) | undefined;
  return (send) => {
    const listener = { send };
    listeners.add(listener);
    stop ??= followHeads(deps, (head) => {
      for (const each of listeners) each.send(head);
    });
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      stop?.();
      stop = undefined;
    };
  };
}

/** Returns what ends it. */
export function followHeads({ chain, execution }: Deps, send: Send): () => void {
  let waiting: Promise<void> | undefined;
  let ended = false;

  async function tell({ block, reverted, quiet, result }: ExecutedBlock): Promise<void> {
    const head = block ?? reverted?.head;
    if (head !== undefined && !ended) send(head);
    for (let number = result.number - quiet + 1; number <= result.number && !ended; number++) {
      const quietHead = await execution.block(blockNumber(number));
      if (quietHead === undefined) return; // taken back since
      send(quietHead);
    }
  }

  const stop = chain.onHead((executed) => {
    if (waiting === undefined && executed.quiet === 0) return void tell(executed);
    const now: Promise<void> = (waiting ?? Promise.resolve())
      .then(() => tell(executed))
      .catch(() => undefined) // the node stops
      .finally(() => {
        if (waiting === now) waiting = undefined;
      });
    waiting = now;
  });
  return () => {
    ended = true;
    stop();
  };
}
