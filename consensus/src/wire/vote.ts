/** Votes and certificates (consensus.md 2.1). The hash of a nullification is 32 zero bytes here and absent in what is signed. */
import { hash32, uint64 } from "@noema/core/types/availability";
import { ByteListType, ByteVectorType, ContainerType, UintNumberType } from "@noema/core/types/ssz";

/** ceil(200 / 8) */
const MAX_BITMAP = 25;

export const voteType = new ContainerType(
  {
    kind: new UintNumberType(1),
    epoch: uint64,
    view: uint64,
    hash: hash32,
    signer: new UintNumberType(2),
    signature: new ByteVectorType(96),
  },
  { typeName: "Vote" },
);

export const certType = new ContainerType(
  {
    kind: new UintNumberType(1),
    epoch: uint64,
    view: uint64,
    hash: hash32,
    bitmap: new ByteListType(MAX_BITMAP),
    signature: new ByteVectorType(96),
  },
  { typeName: "Cert" },
);
