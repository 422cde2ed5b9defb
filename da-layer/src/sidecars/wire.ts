import type { Coding, PeerMethod } from "@noema/core/peer-methods";
import type { Hash } from "@noema/core/ports/bytes";
import type { SidecarBlob } from "@noema/core/ports/sidecars";
import { hash32 } from "@noema/core/types/availability";
import { ContainerType, ListCompositeType } from "@noema/core/types/ssz";
import { sidecarBlobType } from "./record.ts";

/** Of a batch, and of a block of any fork (EIP-7691). */
export const MAX_HASHES = 9;

const request = new ContainerType({ hashes: new ListCompositeType(hash32, MAX_HASHES) }, { typeName: "SidecarsRequest" });

/** Those that are held, in any order. Once for each batch that has some, which a block seldom has two of, and for who reads. */
export const SIDECARS: PeerMethod<{ hashes: Hash[] }, SidecarBlob> = {
  name: "blob/sidecars",
  question: request as Coding<{ hashes: Hash[] }>,
  answer: sidecarBlobType as unknown as Coding<SidecarBlob>,
  items: MAX_HASHES,
  perSecond: 16,
};
