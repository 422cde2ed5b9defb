/** Whether the process at the other end lives: a question that every process answers. */
import { NOTHING, type PeerMethod } from "@noema/core/peer-methods";
import type { Clock } from "@noema/core/ports/clock";
import { REQUEST } from "./protocol.ts";
import { ask } from "./requests.ts";
import type { Session } from "./session.ts";

export const PING: PeerMethod<undefined, undefined> = { name: "p2p/ping", question: NOTHING, answer: NOTHING, items: 1, perSecond: 16 };

/** Never throws. */
export async function answers({ connection }: Session, clock: Clock, withinMs: number): Promise<boolean> {
  const late = new AbortController();
  const cancel = clock.after(withinMs, () => late.abort(new Error("no answer in time")));
  try {
    const open = () => connection.newStream(REQUEST, { signal: late.signal });
    for await (const _ of ask(open, PING.name, new Uint8Array(0), 0, late.signal));
    return true;
  } catch {
    return false;
  } finally {
    cancel();
  }
}
