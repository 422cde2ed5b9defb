/** Header of a consensus block (consensus.md 2.1). The block's hash is its hashTreeRoot, so a light client, or a contract, proves one field by a branch. */
import type { BlockNumber } from "../ports/bytes.ts";
import { hash32, uint64 } from "./availability.ts";
import { ByteVectorType, ContainerType, type Type, UintBigintType, UintNumberType } from "./ssz.ts";

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
