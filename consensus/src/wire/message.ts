/**
 * A message between validators has a file of its own: its value, its SSZ and its code together (frame.ts lists them). What SSZ cannot
 * say is checked on the way in and throws CONSENSUS_FRAME_INVALID. What may be absent is a list of at most one.
 */
import type { NoemaError } from "@noema/core/errors";
import type { Coding } from "@noema/core/peer-methods";
import type { Bytes } from "@noema/core/ports/bytes";
import { decodeBounded } from "@noema/core/types/ssz";
import { consensusError } from "../errors.ts";

export type MessageCodec<M extends { type: string }> = {
  type: M["type"];
  /** First byte of the frame. */
  code: number;
  /** The most bytes that its SSZ can have. */
  limit: number;
  encode(message: M): Bytes;
  decode(data: Bytes): M;
};

export function message<M extends { type: string }, V>(
  type: M["type"],
  code: number,
  ssz: Coding<V>,
  to: (message: M) => V,
  from: (raw: V) => Omit<M, "type">,
): MessageCodec<M> {
  return {
    type,
    code,
    limit: ssz.maxSize,
    encode: (value) => ssz.serialize(to(value)),
    decode: (data) => ({ type, ...from(decodeBounded(ssz, data)) }) as M,
  };
}

export function invalid(message: string): NoemaError {
  return consensusError("CONSENSUS_FRAME_INVALID", message);
}
