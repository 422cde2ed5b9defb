/**
 * What a key has signed, in EIP-3076's envelope: genesis_validators_root is this chain's genesis hash, numbers are decimal text. There are no
 * slots here: signed_views has the highest round that may hold a vote of the key, a watermark as in the EIP's minimal format.
 */
import { to0x } from "@noema/core/bytes";
import { parseTable } from "@noema/core/option-table";
import type { Hash } from "@noema/core/ports/bytes";
import * as v from "valibot";
import { protectionError } from "./errors.ts";

export type Watermark = { epoch: number; view: number };

const MAX_ENTRIES = 100_000;
const hex = (bytes: number) =>
  v.pipe(v.string(), v.regex(new RegExp(`^0x[0-9a-fA-F]{${2 * bytes}}$`), `0x and ${2 * bytes} hex digits are expected`));
const number = v.pipe(
  v.string(),
  v.regex(/^(0|[1-9][0-9]{0,15})$/, "a decimal number in quotes is expected"),
  v.transform(Number),
  v.safeInteger("a number below 2^53 is expected"),
);
/** Counted before one of them is looked at. */
const several = <T extends v.GenericSchema>(item: T) => v.pipe(v.array(v.unknown()), v.maxLength(MAX_ENTRIES), v.array(item));
const interchange = v.object({
  metadata: v.object({ interchange_format_version: v.literal("5", "5 is expected"), genesis_validators_root: hex(32) }),
  data: several(v.object({ pubkey: hex(48), signed_views: several(v.object({ epoch: number, view: number })) })),
});

/** `publicKey`: 0x and 96 digits. */
export function interchangeOf(genesisHash: Hash, publicKey: string, watermark: Watermark | undefined): unknown {
  const views = watermark === undefined ? [] : [{ epoch: String(watermark.epoch), view: String(watermark.view) }];
  return {
    metadata: { interchange_format_version: "5", genesis_validators_root: to0x(genesisHash) },
    data: [{ pubkey: publicKey, signed_blocks: [], signed_attestations: [], signed_views: views }],
  };
}

/** All that a file says of one key. Throws INTERCHANGE_INVALID, INTERCHANGE_OTHER_CHAIN, INTERCHANGE_OTHER_KEY. */
export function watermarksIn(json: unknown, name: string, genesisHash: Hash, publicKey: string): Watermark[] {
  const { metadata, data } = parseTable(interchange, json, (fault) =>
    protectionError("INTERCHANGE_INVALID", `${name}: ${fault}`, { name }),
  );
  const root = metadata.genesis_validators_root.toLowerCase();
  if (root !== to0x(genesisHash))
    throw protectionError("INTERCHANGE_OTHER_CHAIN", `${name} is of chain ${root}, not ${to0x(genesisHash)}`, { name });
  const ours = data.filter((x) => x.pubkey.toLowerCase() === publicKey);
  if (ours.length === 0) throw protectionError("INTERCHANGE_OTHER_KEY", `${name} says nothing of ${publicKey}`, { name, publicKey });
  return ours.flatMap((x) => x.signed_views);
}
