/** Body and Block (consensus.md 2.1): every field of the body is committed in the header by its own root. */
import { availabilityCertType, uint64 } from "@noema/core/types/availability";
import { headerType } from "@noema/core/types/header";
import { ByteListType, ContainerType, ListCompositeType } from "@noema/core/types/ssz";
import { voteType } from "./vote.ts";

export const MAX_CERTS = 64; // availability certificates a block: about 15 KB
const MAX_EVIDENCE = 16;
const MAX_SEALS = 16;
const MAX_DEPOSITS = 16;
const MAX_DEPOSIT_BYTES = 1024;

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
