/**
 * Records of the vote log (consensus.md 2.3): u8 kind ‖ SSZ. They stand in the order in which the engine created them, so that
 * a torn tail never keeps a certificate without the own vote inside it. The genesis record comes first; a log without it is lost.
 */
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { hash32, uint64 } from "@noema/core/types/availability";
import { ContainerType, decodeBounded, UintNumberType } from "@noema/core/types/ssz";
import type { LogRecord } from "../engine/events.ts";
import { consensusError } from "../errors.ts";
import type { Round } from "../types.ts";
import { blockType } from "../wire/block.ts";
import { fromBlock, toBlock } from "../wire/body.ts";
import { certType, fromCert, toCert } from "../wire/cert.ts";
import { fromRawVote, toRawVote } from "../wire/vote.ts";

export type StoredRecord = LogRecord | { type: "Genesis"; genesisHash: Hash };

const CODES = { Genesis: 0, Vote: 1, Cert: 2, Block: 3, Lost: 4, Resume: 5 } as const satisfies Record<StoredRecord["type"], number>;

/** An own vote before it is signed: BLS signatures are unique, so a restart signs the same bytes. */
const ownVoteType = new ContainerType({ kind: new UintNumberType(1), epoch: uint64, view: uint64, hash: hash32 }, { typeName: "OwnVote" });
const resumeType = new ContainerType({ epoch: uint64, view: uint64 }, { typeName: "Resume" });

export function encodeRecord(record: StoredRecord): Bytes {
  const body = encodeBody(record);
  const out = new Uint8Array(1 + body.length);
  out[0] = CODES[record.type];
  out.set(body, 1);
  return out;
}

function encodeBody(record: StoredRecord): Bytes {
  switch (record.type) {
    case "Genesis":
      return record.genesisHash;
    case "Vote":
      return ownVoteType.serialize(toRawVote(record.vote));
    case "Cert":
      return certType.serialize(toCert(record.cert));
    case "Block":
      return blockType.serialize(toBlock(record.block));
    case "Lost":
      return new Uint8Array(0);
    case "Resume":
      return resumeType.serialize(record);
  }
}

/** Throws CONSENSUS_LOG_INVALID: the log's own checksums have passed, so another version wrote it. */
export function decodeRecord(bytes: Bytes): StoredRecord {
  try {
    return decodeBody(bytes[0] as number, bytes.subarray(1));
  } catch (error) {
    throw consensusError("CONSENSUS_LOG_INVALID", `record of ${bytes.length} bytes and kind ${bytes[0]}`, {}, error);
  }
}

function decodeBody(code: number, body: Bytes): StoredRecord {
  switch (code) {
    case CODES.Genesis:
      return { type: "Genesis", genesisHash: decodeBounded(hash32, body) };
    case CODES.Vote:
      return { type: "Vote", vote: fromRawVote(decodeBounded(ownVoteType, body)) };
    case CODES.Cert:
      return { type: "Cert", cert: fromCert(decodeBounded(certType, body)) };
    case CODES.Block:
      return { type: "Block", block: fromBlock(decodeBounded(blockType, body)) };
    case CODES.Lost:
      if (body.length > 0) throw new RangeError("bytes after a record without fields");
      return { type: "Lost" };
    case CODES.Resume:
      return { type: "Resume", ...decodeBounded(resumeType, body) };
    default:
      throw new RangeError("unknown kind");
  }
}

/** The round that a record is about; undefined for those that must always be kept. */
export function roundOf(record: StoredRecord): Round | undefined {
  switch (record.type) {
    case "Vote":
      return record.vote;
    case "Cert":
      return record.cert;
    case "Block":
      return record.block.header;
    default:
      return undefined;
  }
}
