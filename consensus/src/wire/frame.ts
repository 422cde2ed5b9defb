/**
 * Frames of /noema/1/consensus (encoding.md 5): u8 type ‖ SSZ; the network adds the length. A frame has at most 1 + the limit beside its type:
 * the most bytes its SSZ can have.
 */
import type { Bytes } from "@noema/core/ports/bytes";
import { decodeBounded } from "@noema/core/types/ssz";
import { consensusError } from "../errors.ts";
import type { Message } from "../types.ts";
import * as c from "./convert.ts";
import * as m from "./messages.ts";
import { certType, voteType } from "./vote.ts";

type Named<K> = Extract<Message, { type: K }>;
type Ssz<T> = { serialize(value: T): Uint8Array; deserialize(data: Uint8Array): T; typeName: string; maxSize: number };
type Codec = { limit: number; encode(message: Message): Bytes; decode(data: Bytes): Message };

function codec<K extends Message["type"], T>(ssz: Ssz<T>, to: (message: Named<K>) => T, from: (raw: T) => Named<K>): Codec {
  return {
    limit: ssz.maxSize,
    encode: (message) => ssz.serialize(to(message as Named<K>)),
    decode: (data) => from(decodeBounded(ssz, data)),
  };
}

const CODECS: Record<Message["type"], { code: number } & Codec> = {
  Vote: {
    code: 1,
    ...codec<"Vote", c.VoteSsz>(
      voteType,
      (x) => c.toVote(x.vote),
      (raw) => ({ type: "Vote", vote: c.fromVote(raw) }),
    ),
  },
  Cert: {
    code: 2,
    ...codec<"Cert", c.CertSsz>(
      certType,
      (x) => c.toCert(x.cert),
      (raw) => ({ type: "Cert", cert: c.fromCert(raw) }),
    ),
  },
  Propose: {
    code: 3,
    ...codec(
      m.proposeType,
      (x: Named<"Propose">) => c.toPropose(x.propose),
      (raw) => ({ type: "Propose", propose: c.fromPropose(raw) }),
    ),
  },
  Status: {
    code: 4,
    ...codec(
      m.statusType,
      (x: Named<"Status">) => c.toStatus(x.status),
      (raw) => ({ type: "Status", status: c.fromStatus(raw) }),
    ),
  },
  Certs: {
    code: 5,
    ...codec(
      m.certsAnswerType,
      (x: Named<"Certs">) => x.certs.map(c.toCert),
      (raw) => ({ type: "Certs", certs: raw.map(c.fromCert) }),
    ),
  },
  Blocks: {
    code: 6,
    ...codec(
      m.blocksType,
      (x: Named<"Blocks">) => x.blocks.map(c.toBlock),
      (raw) => ({ type: "Blocks", blocks: raw.map(c.fromBlock) }),
    ),
  },
  Boundaries: {
    code: 7,
    ...codec(
      m.boundariesType,
      (x: Named<"Boundaries">) => x.boundaries.map(c.toBoundary),
      (raw) => ({ type: "Boundaries", boundaries: raw.map(c.fromBoundary) }),
    ),
  },
  GetBlocks: {
    code: 8,
    ...codec(
      m.getBlocksType,
      (x: Named<"GetBlocks">) => x,
      (raw) => ({ type: "GetBlocks", ...raw }),
    ),
  },
  GetCerts: {
    code: 9,
    ...codec(
      m.getCertsType,
      (x: Named<"GetCerts">) => x,
      (raw) => ({ type: "GetCerts", ...raw }),
    ),
  },
  GetBoundaries: {
    code: 10,
    ...codec(
      m.getBoundariesType,
      (x: Named<"GetBoundaries">) => x,
      (raw) => ({ type: "GetBoundaries", ...raw }),
    ),
  },
  GetStatus: {
    code: 11,
    ...codec(
      m.getStatusType,
      (x: Named<"GetStatus">) => x,
      (raw) => ({ type: "GetStatus", ...raw }),
    ),
  },
};
const BY_CODE = new Map(Object.values(CODECS).map((x) => [x.code, x]));

export function encodeFrame(message: Message): Bytes {
  const { code, encode } = CODECS[message.type];
  const body = encode(message);
  const frame = new Uint8Array(1 + body.length);
  frame[0] = code;
  frame.set(body, 1);
  return frame;
}

/** Copies what it keeps. Throws CONSENSUS_FRAME_INVALID or SSZ_INVALID. */
export function decodeFrame(frame: Bytes): Message {
  const found = BY_CODE.get(frame[0] as number);
  if (found === undefined) throw consensusError("CONSENSUS_FRAME_INVALID", `frame of ${frame.length} bytes with type ${frame[0]}`);
  if (frame.length - 1 > found.limit)
    throw consensusError("CONSENSUS_FRAME_INVALID", `frame of ${frame.length} bytes where its type has at most ${1 + found.limit}`);
  return found.decode(frame.subarray(1));
}
