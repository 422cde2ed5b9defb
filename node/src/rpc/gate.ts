/**
 * Which methods answer while this node's execution is doubted (node/src/diverged, docs/decisions/0024). Open is what says nothing of
 * state, blocks by execution, fees or the pool: configuration, consensus' own status, data by its hash, signatures by keys alone.
 * eth_syncing is closed: its "false" makes a load balancer believe the node. A method that does not say that it is open is closed.
 */
import { type Gate, refusal } from "../diverged/gate.ts";
import { type ErrorBody, errorBody } from "./json-rpc/error.ts";
import type { Traits } from "./json-rpc/method.ts";

/** undefined: the method may answer. Asked before it runs, and again before its result leaves. */
export type Refuse = (method: Traits) => ErrorBody | undefined;

export function refuseBehind(gate: Pick<Gate, "closed"> | undefined): Refuse {
  return ({ open }) => {
    const by = gate?.closed();
    return by === undefined || open ? undefined : errorBody(refusal(by));
  };
}
