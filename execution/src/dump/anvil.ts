/** What anvil's `--dump-state` and `anvil_dumpState` wrote, as a dump that is laid over what there is: accounts with code and slots. Its blocks are left out. */
import { gunzipSync } from "node:zlib";
import { blockNumber } from "@noema/core/block-number";
import { concatBytes, fromHex, ZERO_HASH } from "@noema/core/bytes";
import type { NoemaError } from "@noema/core/errors";
import { sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import * as v from "valibot";
import { MAX_CODE_BYTES } from "../code-bytes.ts";
import { execError } from "../errors.ts";
import { rlpInt } from "../rlp/encode.ts";
import { accountRecord, endRecord, headRecord, MAGIC, SLOTS_OF_RECORD, slotsRecord } from "./format.ts";

/** Of its JSON, unpacked: as much as the largest load, whose code is half as long as its hex. */
const MAX_JSON_BYTES = 128 << 20;
const GZIP = [0x1f, 0x8b];
const OPEN_BRACE = 0x7b;

const hex = (bytes: number) =>
  v.pipe(v.string(), v.regex(new RegExp(`^0x[0-9a-f]{1,${2 * bytes}}$`, "i"), `0x and up to ${bytes} bytes of hex are expected`));
const code = v.pipe(
  v.string(),
  v.maxLength(2 + 2 * MAX_CODE_BYTES),
  v.regex(/^0x([0-9a-f]{2})*$/i, "0x and pairs of hex digits are expected"),
);
const number = v.union([hex(32), v.pipe(v.number(), v.safeInteger(), v.minValue(0))]);
const stateType = v.object({
  accounts: v.record(
    v.pipe(v.string(), v.regex(/^0x[0-9a-f]{40}$/i, "an address is expected")),
    v.object({ nonce: number, balance: number, code: v.optional(code, "0x"), storage: v.optional(v.record(hex(32), hex(32)), {}) }),
  ),
});

/** By its first byte. */
export function isAnvilDump(bytes: Bytes): boolean {
  return bytes[0] === OPEN_BRACE || (bytes[0] === GZIP[0] && bytes[1] === GZIP[1]);
}

/** JSON, or gzip of it; `most`: accounts and slots that it may have. Throws DEV_DUMP_MALFORMED, DEV_DUMP_TOO_LARGE. */
export function fromAnvil(bytes: Bytes, most = Number.POSITIVE_INFINITY): Bytes {
  const { accounts } = read(bytes, most);
  const parts = [MAGIC, headRecord({ whole: false, chainId: 0, number: blockNumber(0), height: 0, stateRoot: ZERO_HASH })];
  let slots = 0;
  for (const [address, { nonce, balance, code, storage }] of Object.entries(accounts)) {
    parts.push(accountRecord({ address: fromHex(address), nonce: BigInt(nonce), balance: BigInt(balance), code: fromHex(code) }));
    const flat = Object.entries(storage)
      .map((pair) => pair.map((word) => rlpInt(BigInt(word))))
      .filter(([, value]) => (value as Bytes).length > 0);
    for (let i = 0; i < flat.length; i += SLOTS_OF_RECORD) parts.push(slotsRecord(flat.slice(i, i + SLOTS_OF_RECORD).flat()));
    slots += flat.length;
  }
  parts.push(endRecord(Object.keys(accounts).length, slots));
  const body = new Uint8Array(Buffer.concat(parts)); // more parts than a call has arguments
  return concatBytes(body, sha256(body));
}

function read(bytes: Bytes, most: number): v.InferOutput<typeof stateType> {
  const json = parse(bytes);
  if (hasMore(json, most)) throw execError("DEV_DUMP_TOO_LARGE", `more than ${most} accounts and slots`, { limit: most });
  const parsed = v.safeParse(stateType, json);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw malformed(`${v.getDotPath(issue)?.slice(0, 100) ?? "it"}: ${issue.message}`);
}

/** Counted before anything of it is checked, which takes 20 us an entry. */
function hasMore(json: unknown, most: number): boolean {
  const { accounts } = (json ?? {}) as { accounts?: Record<string, { storage?: object } | null> };
  let entries = 0;
  for (const address in accounts) {
    const { storage } = accounts[address] ?? {};
    entries += 1 + (typeof storage === "object" ? Object.keys(storage ?? {}).length : 0);
    if (entries > most) return true;
  }
  return false;
}

function parse(bytes: Bytes): unknown {
  try {
    const text = bytes[0] === OPEN_BRACE ? bytes : gunzipSync(bytes, { maxOutputLength: MAX_JSON_BYTES });
    return JSON.parse(Buffer.from(text).toString());
  } catch (error) {
    throw malformed((error as Error).message.slice(0, 100));
  }
}

function malformed(why: string): NoemaError {
  return execError("DEV_DUMP_MALFORMED", `no dump of anvil's: ${why}`);
}
