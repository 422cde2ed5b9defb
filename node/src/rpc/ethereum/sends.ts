/**
 * What a send answers, and when: on a devnet when its transaction is in `latest`, as tools expect that ask for the receipt at
 * once; bounded, and not waited for where it cannot execute now.
 */
import { to0x } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { splitHashes } from "@noema/execution/blocks/hashes";
import type { AddOutcome } from "@noema/execution/pool/pool-interface";
import type { RpcDeps } from "../deps.ts";
import { type Ended, Later } from "../json-rpc/method.ts";

export type Sends = {
  /** Resolves when the transaction is accepted and durable, with its hash, or with a Later that gives it. Throws TX_*, POOL_*. */
  send(raw: Bytes): Promise<string | Later>;
  /** The same of each: all are accepted, in order, and then waited for together. */
  sendAll(raws: readonly Bytes[]): Promise<readonly Ended[]>;
  close(): void;
};

type Waiter = { hash: Hash; done(): void };

export function createSends({ pool, chain, execution, clock, sendWaitMs }: RpcDeps): Sends {
  const waiters = new Map<string, Waiter>();

  const stop = chain.onHead(({ included }) => {
    if (waiters.size === 0) return;
    for (const hash of splitHashes(included)) waiters.get(to0x(hash))?.done();
    const left = [...waiters.values()].map(({ hash }) => hash);
    for (const hash of pool.stalled(left)) waiters.get(to0x(hash))?.done();
  });

  function wait(hash: Hash): Promise<void> {
    return new Promise((resolve) => {
      const key = to0x(hash);
      const cancel = clock.after(sendWaitMs, () => waiters.get(key)?.done());
      const earlier = waiters.get(key); // sent twice at once
      const done = () => {
        cancel();
        waiters.delete(key);
        earlier?.done();
        resolve();
      };
      waiters.set(key, { hash, done });
    });
  }

  /** A block leaves the pool before it is `latest`: what is not in the pool any more may be on its way. */
  async function included(hash: Hash): Promise<void> {
    const gone = pool.get(hash) === undefined;
    if (!gone && pool.stalled([hash]).length > 0) return;
    const waiting = wait(hash);
    if (gone) {
      const receipt = await execution.receipt(hash);
      if (receipt === undefined || receipt.number <= chain.tags().latest.number) waiters.get(to0x(hash))?.done();
    }
    return waiting;
  }

  function told(outcome: AddOutcome): string | Later {
    if ("error" in outcome) throw outcome.error;
    const hash = to0x(outcome.hash);
    return sendWaitMs > 0 ? new Later(included(outcome.hash).then(() => hash)) : hash;
  }
  return {
    send: async (raw) => told((await pool.addAll([raw], "local"))[0] as AddOutcome),
    async sendAll(raws) {
      const outcomes = await pool.addAll(raws, "local");
      return outcomes.map((x) => ("error" in x ? { thrown: x.error } : { value: told(x) }));
    },
    close() {
      stop();
      for (const { done } of [...waiters.values()]) done();
    },
  };
}
