/** Requests of the blob lane: SSZ bodies with their limits. */
import type { AvailabilityHeader } from "@noema/core/ports/data";
import { availabilityHeaderType, hash32 } from "@noema/core/types/availability";
import { ContainerType, ListBasicType, UintNumberType } from "@noema/core/types/ssz";
import { CODE_LENGTH } from "./code-points.ts";
import { type BlobObject, blobObjectType } from "./object.ts";

/** Offer -> 96-byte signature. The receiver asks the publisher for its rows before it answers. */
export const OFFER_METHOD = "blob/offer";
/** RowsRequest -> row records of those slots that are held. */
export const ROWS_METHOD = "blob/rows";
/** ObjectRequest -> BlobObject. */
export const OBJECT_METHOD = "blob/object";
/** AvailabilityCert -> nothing. */
export const CERT_METHOD = "blob/cert";
/** Nothing -> list of certificates not yet included. */
export const BLOB_CERTS_METHOD = "blob/certs";

export const offerType = new ContainerType({ header: availabilityHeaderType, object: blobObjectType }, { typeName: "BlobOffer" });
export type BlobOffer = { header: AvailabilityHeader; object: BlobObject };
export const rowsRequestType = new ContainerType(
  { id: hash32, slots: new ListBasicType(new UintNumberType(2), CODE_LENGTH) },
  { typeName: "RowsRequest" },
);
export const objectRequestType = new ContainerType({ id: hash32 }, { typeName: "ObjectRequest" });

export const MAX_OBJECT_BYTES = blobObjectType.maxSize;
