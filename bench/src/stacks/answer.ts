/** What a stack answers to a batch: digests, so that a process may say them in a line. */
import { toHex } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Question } from "./questions.ts";

export type Answer = {
  /** How the model is made again. */
  name: string;
  /** Of the model's id and all inputs: stacks that were not asked the same are not compared. */
  asked: string;
  /** Of the first outputs; the rest were not computed where time was over. */
  outputs: string[];
};

/** Lines that a stack's process writes: what it is, then each model with its answers, and at its end `done`. */
export type Said = { stack: string } | { model: string } | Answer | { done: true };

const digest = (bytes: Bytes): string => toHex(sha256(bytes));

export function answerOf({ name, model, inputs }: Question, outputs: readonly Bytes[]): Answer {
  return { name, asked: digest(new Uint8Array(Buffer.concat([model.id, ...inputs]))), outputs: outputs.map(digest) };
}
