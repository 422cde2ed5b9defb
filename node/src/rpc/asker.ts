/** Who waits for the answer to what runs now, for those who bound what one client may ask: the request's own, whatever it awaits. */
import { AsyncLocalStorage } from "node:async_hooks";

export type Asker = {
  /** Where it asks from; undefined: not known. */
  client?: string;
  /** Aborted when it has gone. */
  gone: AbortSignal;
};

const current = new AsyncLocalStorage<Asker>();

export const asked = <T>(by: Asker, f: () => T): T => current.run(by, f);
export const asker = (): Asker | undefined => current.getStore();
