/**
 * Operations of a development chain (system-operations.md 2), as a client asks for them: one at a time into the payload lane, and
 * answered when it is in `latest`. What the lane has taken is durable and happens once, perhaps without its client.
 */
import { to0x, toHex } from "@noema/core/bytes";
import type { Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { OperationSource } from "@noema/core/ports/data";
import type { Random } from "@noema/core/ports/random";
import type { ExecutedBlock } from "@noema/execution/api";
import { execError } from "@noema/execution/errors";
import { KIND, type Kind, readOperation } from "@noema/execution/system/kinds";
import { encodeOperation, operationInput } from "@noema/execution/system/operation";
import { OUTCOME, type Outcome } from "@noema/execution/system/outcomes";
import { chainError } from "./errors.ts";

/** Several validators need a certificate and three heights: about a second, and more where one of them is dead. */
const UNANSWERED_MS = 30_000;
/** A load changes as much as many blocks: 0.15 ms of CPU an account or slot, at every validator. */
const LOAD_UNANSWERED_MS = 600_000;

/** Of one whose height another one had to itself; the others come from nodes that ask one after another too. */
const MAX_TRIES = 32;

/** What says nothing of the operation: another had the height, or its chunks are not there yet. */
const AGAIN: readonly Outcome[] = [OUTCOME.busy, OUTCOME.stagedUnknown];

/** `value`: what it gives who asked (execution's system/place.ts). `applied`: its id, its height, and the state after that. */
export type Ended = { outcome: Outcome; value?: number; applied?: { id: Hash; height: Height; stateRoot: Hash } };

export type Operations = {
  /**
   * How it ended, once that is durable and in `latest`. Throws DEV_MALFORMED, DEV_NEEDS_VALIDATOR, DEV_UNANSWERED {id}. `ahead`: operations
   * that come before it, encoded: in one batch, as far as they fit.
   */
  submit(kind: Kind, body: Bytes, ahead?: readonly Bytes[]): Promise<Ended>;
};

export type OperationDesk = Operations & OperationSource & { executed(block: ExecutedBlock): void };

/** `dev`: of genesis. */
export type OperationDeps = { dev: boolean; isValidator: boolean; clock: Clock; random: Random };

/** undefined on a chain that is not for development: there is nothing to publish, to sign or to ask for. */
export function createOperations({ dev, isValidator, clock, random }: OperationDeps): OperationDesk | undefined {
  if (!dev) return undefined;
  let queue: Bytes[] = [];
  let wake = () => {};
  let waiting: { id: string; answer(ended: Ended): void } | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  /** Answered with how the last one ended. */
  function offer(operations: readonly Bytes[], waitMs: number): Promise<Ended> {
    const { id } = operationInput(operations.at(-1) as Bytes);
    return new Promise((resolve, reject) => {
      const cancel = clock.after(waitMs, () => {
        waiting = undefined;
        queue = []; // where the lane has not taken it, it will not happen
        reject(chainError("DEV_UNANSWERED", `operation ${to0x(id)} has no answer after ${waitMs / 1000} s`, { id: to0x(id) }));
      });
      waiting = {
        id: toHex(id),
        answer(ended) {
          waiting = undefined;
          cancel();
          resolve(ended);
        },
      };
      queue.push(...operations);
      wake();
    });
  }

  return {
    async submit(kind, body, ahead = []) {
      if (!isValidator) throw chainError("DEV_NEEDS_VALIDATOR", "only a validator can publish an operation");
      const encode = () => encodeOperation({ nonce: Buffer.from(random.bytes(8)).readBigUInt64LE(), kind, body });
      if (readOperation(encode()) === undefined) throw execError("DEV_MALFORMED", `no operation of kind ${kind}, or above a limit`);
      const answer = turn.then(async () => {
        for (let tries = 1; ; tries++) {
          const ended = await offer([...ahead, encode()], kind === KIND.load ? LOAD_UNANSWERED_MS : UNANSWERED_MS);
          if (!AGAIN.includes(ended.outcome) || tries === MAX_TRIES) return ended;
        }
      });
      turn = answer.catch(() => undefined);
      return answer;
    },
    executed({ operations, result }) {
      const own = operations.find(({ id }) => toHex(id) === waiting?.id);
      if (own === undefined) return;
      const { id, outcome, value } = own;
      waiting?.answer({ outcome, value, applied: { id, height: result.height, stateRoot: result.stateRoot } });
    },
    take(maxBytes) {
      let bytes = 0;
      const fits = queue.findIndex((data, i) => {
        bytes += data.length;
        return i > 0 && bytes > maxBytes;
      });
      const taken = queue.splice(0, fits < 0 ? queue.length : fits);
      return taken.length === 0 ? undefined : taken;
    },
    giveBack(operations) {
      queue = [...operations, ...queue];
    },
    onReady(f) {
      wake = f;
    },
    fault: (operations) =>
      operations.every((data) => readOperation(data) !== undefined) ? undefined : "one of them is no operation that is known here",
  };
}
