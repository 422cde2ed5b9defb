/**
 * Header and Body (consensus.md 2.1). A block's hash is hashTreeRoot(Header), so a light client proves one field by a branch,
 * and every field of the body is committed in the header by its own root.
 */
import type { BlockNumber } from "@noema/core/ports/bytes";
import { availabilityCertType, hash32, uint64 } from "@noema/core/types/availability";
import {
  ByteListType,
  ByteVectorType,
  ContainerType,
  ListCompositeType,
  type Type,
  UintBigintType,
  UintNumberType,
} from "@noema/core/types/ssz";
import { voteType } from "./vote.ts";

export const MAX_CERTS = 64; // availability certificates a block: about 15 KB
const MAX_EVIDENCE = 16;
const MAX_SEALS = 16;
const MAX_DEPOSITS = 16;
const MAX_DEPOSIT_BYTES = 1024;

export const execType = new ContainerType(
  {
    height: uint64,
    evmBlockHash: hash32,
    stateRoot: hash32,
    receiptsRoot: hash32,
    gasUsed: new UintBigintType(8),
    skippedRoot: hash32,
    number: uint64 as Type<number> as Type<BlockNumber>,
    systemRoot: hash32,
  },
  { typeName: "Exec" },
);

export const headerType = new ContainerType(
  {
    epoch: uint64,
    view: uint64,
    height: uint64,
    parentHash: hash32,
    timestampMs: uint64,
    proposer: new UintNumberType(2),
    randaoReveal: new ByteVectorType(96),
    certsRoot: hash32,
    evidenceRoot: hash32,
    sealRoot: hash32,
    depositsRoot: hash32,
    l1Origin: new ContainerType({ number: uint64, hash: hash32 }, { typeName: "L1Origin" }),
    payloadBytes: uint64,
    blobBytes: uint64,
    gasLimitSum: new UintBigintType(8),
    exec: execType,
    validatorSetHash: hash32,
    nextValidatorSetHash: hash32,
  },
  { typeName: "Header" },
);

/** Two votes of one signer in one round that no honest validator signs (consensus.md 2.6). */
const evidenceType = new ContainerType({ first: voteType, second: voteType }, { typeName: "Evidence" });
/** A message of the L1 inbox, in L2 mode. */
const depositType = new ContainerType({ index: uint64, data: new ByteListType(MAX_DEPOSIT_BYTES) }, { typeName: "Deposit" });

export const certsType = new ListCompositeType(availabilityCertType, MAX_CERTS, { typeName: "Certs" });
export const evidenceListType = new ListCompositeType(evidenceType, MAX_EVIDENCE, { typeName: "EvidenceList" });
export const sealsType = new ListCompositeType(availabilityCertType, MAX_SEALS, { typeName: "Seals" });
export const depositsType = new ListCompositeType(depositType, MAX_DEPOSITS, { typeName: "Deposits" });

export const bodyType = new ContainerType(
  { certs: certsType, evidence: evidenceListType, seals: sealsType, depositsL1: depositsType },
  { typeName: "Body" },
);

export const blockType = new ContainerType({ header: headerType, body: bodyType }, { typeName: "Block" });
