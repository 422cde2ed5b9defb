/**
 * Records of the catalog (catalog.ts), u8 type || SSZ:
 *   1 object   2 rows {id, bucket, [(slot, position)]}   3 header signed here (fsynced, with the rows, before the signature leaves)
 *   4 certificate   5 a header (by hash) was included at a height   6 own numbers below `end` are taken
 *   7 dispersal begun {header}: its rows are in their log   8 dispersal ended {seq}   9 signed floors
 *   10 headers of epochs below are not signed: records of them were lost
 *   11 a row was lost {id, slot}: until it is written anew it is not held   12 scrubbed as far as this object {id}
 */
import { hash32, uint64 } from "@noema/core/types/availability";
import { ContainerType, ListCompositeType } from "@noema/core/types/ssz";
import { CODE_LENGTH } from "./code-points.ts";

export const OBJECT = 1;
export const ROWS = 2;
export const SIGNED = 3;
export const CERT = 4;
export const INCLUDED = 5;
export const RESERVED = 6;
export const DISPERSING = 7;
export const DISPERSED = 8;
export const FLOORS = 9;
export const BARRED = 10;
export const LOST = 11;
export const SCRUBBED = 12;

export const rowsType = new ContainerType(
  { id: hash32, bucket: uint64, rows: new ListCompositeType(new ContainerType({ slot: uint64, position: uint64 }), CODE_LENGTH) },
  { typeName: "RowsRecord" },
);
export const includedType = new ContainerType({ headerHash: hash32, height: uint64 }, { typeName: "BlobIncludedRecord" });
export const lostType = new ContainerType({ id: hash32, slot: uint64 }, { typeName: "LostRowRecord" });
export const scrubbedType = new ContainerType({ id: hash32 }, { typeName: "ScrubbedRecord" });
export const numberType = new ContainerType({ value: uint64 }, { typeName: "NumberRecord" });
const floorType = new ContainerType({ publisher: uint64, epoch: uint64, seq: uint64 });
export const floorsType = new ContainerType(
  { reserved: uint64, floors: new ListCompositeType(floorType, 1024) },
  { typeName: "BlobFloorsRecord" },
);
