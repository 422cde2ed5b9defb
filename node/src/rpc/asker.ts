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
/** For what several wait for, or nobody who asked: a question of a client who has gone would be given up. */
export const unasked = <T>(f: () => T): T => current.exit(f);
export const asker = (): Asker | undefined => current.getStore();
