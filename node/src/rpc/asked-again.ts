/**
 * A tag is resolved before the question reaches a reader, which looks into a store of its own moment. Where a revert has taken out the
 * tag's block between the two, the question is asked again once this node has heard of the revert: a client that asked for `latest` is told of it.
 */

import { isNoemaError } from "@noema/core/errors";
import type { Clock } from "@noema/core/ports/clock";
import type { Heads } from "../chain/heads.ts";
import type { RpcMethod } from "./json-rpc/method.ts";

/** What the store has, this node hears of within some milliseconds. */
const HEARD_MS = 1000;
/** Reverts that follow one another as fast as questions do. */
const MAX_TRIES = 8;

export type AgainDeps = { chain: Pick<Heads, "tags" | "onHead">; clock: Clock };

export function askedAgain(method: RpcMethod, deps: AgainDeps): RpcMethod {
  if (method.signing) return method;
  return {
    ...method,
    async run(params, connection) {
      for (let tries = 1; ; tries++) {
        const { height } = deps.chain.tags().latest;
        try {
          return await method.run(params, connection);
        } catch (error) {
          if (!isNoemaError(error, "HEIGHT_UNKNOWN") || tries === MAX_TRIES) throw error;
          const waits = deps.chain.tags().latest.height === height;
          if (waits && !(await hasNextHead(deps))) throw error;
        }
      }
    },
  };
}

/** Whether one comes. */
function hasNextHead({ chain, clock }: AgainDeps): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (heard: boolean) => {
      stop();
      cancel();
      resolve(heard);
    };
    const stop = chain.onHead(() => done(true));
    const cancel = clock.after(HEARD_MS, () => done(false));
  });
}
