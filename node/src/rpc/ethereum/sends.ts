/**
 * What a send answers, and when: on a devnet when its transaction is in `latest`, as tools expect that ask for the receipt at
 * once; bounded, and not waited for where it cannot execute now.
 */
import { to0x } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { splitHashes } from "@noema/execution/blocks/hashes";
import type { AddOutcome } from "@noema/execution/pool/pool-interface";
import { minesByItself } from "../../chain/mining-gate.ts";
import type { RpcDeps } from "../deps.ts";
import { RpcError } from "../json-rpc/error.ts";
import { type Ended, Later } from "../json-rpc/method.ts";

export type Sends = {
  /** Resolves when the transaction is accepted and durable, with its hash, or with a Later that gives it. Throws TX_*, POOL_*. */
  send(raw: Bytes): Promise<string | Later>;
  /** The same of each: all are accepted, in order, and then waited for together. */
  sendAll(raws: readonly Bytes[]): Promise<readonly Ended[]>;
  /** Its hash, when it is in `latest`, cannot be in the next block, or after this time. Throws TX_*, POOL_*. */
  settle(raw: Bytes, waitMs: number): Promise<Hash>;
  close(): void;
};

/** As what the pool refuses. */
const SKIPPED = -32000;

type Waiter = { hash: Hash; done(): void };

export function createSends({ pool, chain, execution, clock, sendWaitMs }: RpcDeps): Sends {
  const waiters = new Map<string, Waiter>();

  const stop = chain.onHead(({ included }) => {
    if (waiters.size === 0) return;
    for (const hash of splitHashes(included)) waiters.get(to0x(hash))?.done();
    const left = [...waiters.values()].map(({ hash }) => hash);
    for (const hash of pool.stalled(left)) waiters.get(to0x(hash))?.done();
  });

  function wait(hash: Hash, waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const key = to0x(hash);
      const cancel = clock.after(waitMs, () => waiters.get(key)?.done());
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
  async function included(hash: Hash, waitMs: number): Promise<void> {
    const gone = pool.get(hash) === undefined;
    if (!gone && pool.stalled([hash]).length > 0) return;
    const waiting = wait(hash, waitMs);
    if (gone) {
      const receipt = await execution.receipt(hash);
      if (receipt === undefined || receipt.number <= chain.tags().latest.number) waiters.get(to0x(hash))?.done();
    }
    return waiting;
  }

  /** Throws where a block has found that it can never be one: a hash would promise a receipt. */
  function refused(hash: Hash): undefined {
    const standing = pool.standing(hash);
    if (standing?.state !== "dropped" || !standing.reason.code.startsWith("SKIP_")) return;
    const { code, message } = standing.reason;
    throw new RpcError(SKIPPED, `the transaction was not included: ${message}`, { code, hash: to0x(hash) });
  }

  function told(outcome: AddOutcome): string | Later {
    if ("error" in outcome) throw outcome.error;
    const hash = to0x(outcome.hash);
    if (sendWaitMs === 0 || !minesByItself(chain.controls()?.mining)) return hash;
    return new Later(included(outcome.hash, sendWaitMs).then(() => refused(outcome.hash) ?? hash));
  }
  return {
    send: async (raw) => told((await pool.addAll([raw], "local"))[0] as AddOutcome),
    async settle(raw, waitMs) {
      const outcome = (await pool.addAll([raw], "local"))[0] as AddOutcome;
      if ("error" in outcome) throw outcome.error;
      await included(outcome.hash, waitMs);
      return outcome.hash;
    },
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
