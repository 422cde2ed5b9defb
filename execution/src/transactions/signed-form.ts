/** What a sender signed, and the signature, from the signed bytes: the fields before the signature stand together in them. */
import { concatBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { rlpEncode, rlpInt, rlpListOf } from "../rlp/encode.ts";
import { createReader, next, type RlpReader, readList, readString, readUint } from "../rlp/reader.ts";
import { txError } from "./errors.ts";
import { legacyParity, parityOf } from "./signature.ts";

/** Fields before v or yParity, by type. */
const UNSIGNED_FIELDS: readonly (number | undefined)[] = [6, 8, 9, 11, 10];

/** `signed`: its hash is what the key signed. `signature`: r || s, 64 bytes. */
export type SignedForm = { signed: Bytes; signature: Bytes; yParity: 0 | 1 };

/** Of canonical bytes. `decodeTransaction` refuses all that this does, and more. Throws RLP_INVALID, TX_*. */
export function readSignedForm(raw: Bytes): SignedForm {
  const type = (raw[0] ?? 0x80) >= 0xc0 ? 0 : raw[0];
  const count = type === undefined ? undefined : UNSIGNED_FIELDS[type];
  if (count === undefined) throw txError("TX_TYPE_UNSUPPORTED", `transaction type not supported: first byte is ${raw[0]}`, { type });
  const head = type === 0 ? 0 : 1;
  const body = readList(createReader(raw, head), "transaction");
  const from = body.at;
  for (let i = 0; i < count; i++) next(body, "transaction");
  const fields = raw.subarray(from, body.at);
  const v = readUint(body, 32, "v");
  const { yParity, chainId } = head === 0 ? legacyParity(v) : { yParity: parityOf(v) };
  const list = rlpListOf(chainId === undefined ? [fields] : [fields, ...replayFields(chainId)]);
  const signed = head === 0 ? list : concatBytes(raw.subarray(0, head), list);
  const signature = new Uint8Array(64);
  writeWord(signature, 32, body, "r");
  writeWord(signature, 64, body, "s");
  return { signed, signature, yParity };
}

function writeWord(out: Bytes, end: number, body: RlpReader, field: string): void {
  const value = readString(body, field);
  if (value.length > 32) throw txError("TX_SIGNATURE_INVALID", `invalid sender: ${field} has ${value.length} bytes`, { field });
  out.set(value, end - value.length);
}

/** EIP-155: chainId, 0, 0. */
function replayFields(chainId: bigint): Bytes[] {
  const zero = rlpEncode(rlpInt(0));
  return [rlpEncode(rlpInt(chainId)), zero, zero];
}
