import type { ExecResult } from "@noema/core/ports/application";
import type { Logger } from "@noema/core/ports/logger";
import type { Block } from "../types.ts";
import type { FoundFault } from "./health.ts";

export type ViewChange = { epoch: number; view: number; leader: number };

type Channels = {
  finalized: [block: Block];
  executed: [block: Block, result: ExecResult];
  viewChange: [change: ViewChange];
  agreed: [own: ExecResult];
  fault: [fault: FoundFault];
};

export type Listeners = {
  /** Returns how to end it. */
  add<C extends keyof Channels>(channel: C, f: (...args: Channels[C]) => void): () => void;
  /** A listener that throws harms neither consensus nor the other listeners. */
  tell<C extends keyof Channels>(channel: C, ...args: Channels[C]): void;
};

export function createListeners(logger: Logger): Listeners {
  const sets: { [C in keyof Channels]: Set<(...args: Channels[C]) => void> } = {
    finalized: new Set(),
    executed: new Set(),
    viewChange: new Set(),
    agreed: new Set(),
    fault: new Set(),
  };
  return {
    add(channel, f) {
      sets[channel].add(f);
      return () => void sets[channel].delete(f);
    },
    tell(channel, ...args) {
      for (const f of sets[channel]) {
        try {
          f(...args);
        } catch (error) {
          logger.log("error", "a listener of consensus failed", { channel, error: String(error) });
        }
      }
    },
  };
}
