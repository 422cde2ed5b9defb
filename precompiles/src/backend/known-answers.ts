/**
 * Small models of each operator with an input and the judge's output, committed: what a back end must give before it serves. Made by
 * `noema tool known-answers`; a test holds them to the judge.
 */
import type { Bytes } from "@noema/core/bytes";
import { KNOWN_ANSWERS } from "../generated/known-answers.ts";
import { type LoadedModel, loadModel } from "../model/load.ts";

export interface KnownAnswer {
  model: LoadedModel;
  input: Bytes;
  output: Bytes;
}

export function knownAnswers(): KnownAnswer[] {
  const bytes = new Uint8Array(Buffer.from(KNOWN_ANSWERS, "base64"));
  const view = new DataView(bytes.buffer);
  let at = 0;
  const part = () => {
    const length = view.getUint32(at, true);
    at += 4 + length;
    return bytes.slice(at - length, at);
  };
  const answers: KnownAnswer[] = [];
  while (at < bytes.length) answers.push({ model: loadModel(part()), input: part(), output: part() });
  return answers;
}
