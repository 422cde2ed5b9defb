/** Boundaries by epoch: the question and its answer (consensus.md 2.1). */
import type { ValueOf } from "@chainsafe/ssz";
import { uint64 } from "@noema/core/types/availability";
import { ContainerType, ListCompositeType } from "@noema/core/types/ssz";
import { type Boundary, LIMITS } from "../types.ts";
import { blockType } from "./block.ts";
import { fromBlock, toBlock } from "./body.ts";
import { certType, fromCert, toCert } from "./cert.ts";
import { message } from "./message.ts";

/** Boundaries of epochs fromEpoch, fromEpoch + 1, ... Answer: Boundaries. */
type GetBoundaries = { type: "GetBoundaries"; fromEpoch: number };
export const getBoundariesType = new ContainerType({ fromEpoch: uint64 }, { typeName: "GetBoundaries" });
export const getBoundariesMessage = message<GetBoundaries, ValueOf<typeof getBoundariesType>>(
  "GetBoundaries",
  10,
  getBoundariesType,
  (x) => x,
  (raw) => raw,
);

export const boundaryType = new ContainerType({ block: blockType, cert: certType }, { typeName: "Boundary" });
type BoundarySsz = ValueOf<typeof boundaryType>;
export const toBoundary = ({ block, cert }: Boundary): BoundarySsz => ({ block: toBlock(block), cert: toCert(cert) });
export const fromBoundary = ({ block, cert }: BoundarySsz): Boundary => ({ block: fromBlock(block), cert: fromCert(cert) });

type Boundaries = { type: "Boundaries"; boundaries: Boundary[] };
export const boundariesType = new ListCompositeType(boundaryType, LIMITS.boundaries, { typeName: "Boundaries" });
export const boundariesMessage = message<Boundaries, BoundarySsz[]>(
  "Boundaries",
  7,
  boundariesType,
  ({ boundaries }) => boundaries.map(toBoundary),
  (raw) => ({ boundaries: raw.map(fromBoundary) }),
);
