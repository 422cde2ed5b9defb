/**
 * Frames of the consensus stream (encoding.md 5): u8 code ‖ SSZ; the network adds the length. A frame has at most 1 + the limit of its
 * message. A new message is a file beside this one, and a name in the list.
 */
import type { Bytes } from "@noema/core/ports/bytes";
import { blocksMessage, getBlocksMessage } from "./blocks.ts";
import { boundariesMessage, getBoundariesMessage } from "./boundaries.ts";
import { certMessage } from "./cert.ts";
import { certsMessage, getCertsMessage } from "./certs.ts";
import { invalid, type MessageCodec } from "./message.ts";
import { proposeMessage } from "./propose.ts";
import { getStatusMessage, statusMessage } from "./status.ts";
import { voteMessage } from "./vote.ts";

/** Questions to one peer; the answer is a message of its own (or nothing), and the asker repeats. */
const REQUESTS = [getBlocksMessage, getCertsMessage, getBoundariesMessage, getStatusMessage] as const;
const MESSAGES = [
  voteMessage,
  certMessage,
  proposeMessage,
  statusMessage,
  certsMessage,
  blocksMessage,
  boundariesMessage,
  ...REQUESTS,
] as const;

type ValueOf<C> = C extends MessageCodec<infer M> ? M : never;
export type Request = ValueOf<(typeof REQUESTS)[number]>;
/** Everything validators send each other. */
export type Message = ValueOf<(typeof MESSAGES)[number]>;

const CODECS = MESSAGES as unknown as readonly MessageCodec<Message>[];
const BY_TYPE = new Map(CODECS.map((x) => [x.type, x]));
const BY_CODE = new Map(CODECS.map((x) => [x.code, x]));

export function encodeFrame(message: Message): Bytes {
  const { code, encode } = BY_TYPE.get(message.type) as MessageCodec<Message>;
  const body = encode(message);
  const frame = new Uint8Array(1 + body.length);
  frame[0] = code;
  frame.set(body, 1);
  return frame;
}

/** Copies what it keeps. Throws CONSENSUS_FRAME_INVALID or SSZ_INVALID. */
export function decodeFrame(frame: Bytes): Message {
  const found = BY_CODE.get(frame[0] as number);
  if (found === undefined) throw invalid(`frame of ${frame.length} bytes with type ${frame[0]}`);
  if (frame.length - 1 > found.limit) throw invalid(`frame of ${frame.length} bytes where its type has at most ${1 + found.limit}`);
  return found.decode(frame.subarray(1));
}
