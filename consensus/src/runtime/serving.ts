/**
 * Blocks and boundaries that peers ask for on the consensus lane. They are read and encoded beside what is signed and sent, one answer a
 * turn of the event loop, askers in turn; of one asker a few wait, and what is above is dropped: it asks again every 3Δ.
 */
import type { PublicKeyHex } from "@noema/core/ports/signing";

export const WAITING_PER_PEER = 4;

export type Serving<Q> = {
  /** False: dropped. */
  ask(from: PublicKeyHex, question: Q): boolean;
  /** What waits is given up. */
  stop(): void;
};

export function createServing<Q>(answer: (to: PublicKeyHex, question: Q) => void): Serving<Q> {
  const waiting = new Map<PublicKeyHex, Q[]>();
  let next: NodeJS.Immediate | undefined;

  function answerOne(): void {
    next = undefined;
    const [from, questions] = waiting.entries().next().value ?? [];
    const question = questions?.shift();
    if (from === undefined || questions === undefined || question === undefined) return;
    waiting.delete(from);
    if (questions.length > 0) waiting.set(from, questions); // behind the others
    if (waiting.size > 0) next = setImmediate(answerOne);
    answer(from, question);
  }
  return {
    ask(from, question) {
      const questions = waiting.get(from) ?? [];
      if (questions.length === WAITING_PER_PEER) return false;
      waiting.set(from, [...questions, question]);
      next ??= setImmediate(answerOne);
      return true;
    },
    stop() {
      waiting.clear();
      clearImmediate(next);
    },
  };
}
