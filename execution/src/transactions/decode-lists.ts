import type { Bytes } from "@noema/core/ports/bytes";
import { atEnd, expectEnd, type RlpReader, readList, readString, readUint } from "../rlp/reader.ts";
import { txError } from "./errors.ts";
import type { AccessListItem, Authorization } from "./transaction.ts";

export function readFixed(r: RlpReader, length: number, field: string): Bytes {
  const bytes = readString(r, field);
  if (bytes.length !== length)
    throw txError("TX_FIELD_INVALID", `${field} has ${bytes.length} bytes, not ${length}`, { field, bytes: bytes.length, limit: length });
  return bytes;
}

/** EIP-2930: [[address, [key, ...]], ...]. */
export function readAccessList(r: RlpReader): AccessListItem[] {
  const list = readList(r, "accessList");
  const items: AccessListItem[] = [];
  while (!atEnd(list)) {
    const item = readList(list, "accessList");
    const address = readFixed(item, 20, "accessList.address");
    const storageKeys = readHashes(item, "accessList.storageKeys");
    expectEnd(item, "accessList");
    items.push({ address, storageKeys });
  }
  return items;
}

export function readHashes(r: RlpReader, field: string): Bytes[] {
  const list = readList(r, field);
  const hashes: Bytes[] = [];
  while (!atEnd(list)) hashes.push(readFixed(list, 32, field));
  return hashes;
}

/** EIP-7702: [[chainId, address, nonce, yParity, r, s], ...]; ranges beyond the integers' sizes are execution's business. */
export function readAuthorizations(r: RlpReader): Authorization[] {
  const list = readList(r, "authorizationList");
  const items: Authorization[] = [];
  while (!atEnd(list)) {
    const item = readList(list, "authorizationList");
    const authorization = {
      chainId: readUint(item, 32, "authorizationList.chainId"),
      address: readFixed(item, 20, "authorizationList.address"),
      nonce: readUint(item, 8, "authorizationList.nonce"),
      yParity: Number(readUint(item, 1, "authorizationList.yParity")),
      r: readUint(item, 32, "authorizationList.r"),
      s: readUint(item, 32, "authorizationList.s"),
    };
    expectEnd(item, "authorizationList");
    items.push(authorization);
  }
  return items;
}
