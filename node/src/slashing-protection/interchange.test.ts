/** What a file of EIP-3076 says of a key, and what is no such file. */
import { fromHex } from "@noema/core/bytes";
import { expect, it } from "vitest";
import { interchangeOf, watermarksIn } from "./interchange.ts";

const GENESIS = fromHex(`0x${"11".repeat(32)}`, 32);
const KEY = `0x${"22".repeat(48)}`;
type Written = { metadata: object; data: { pubkey: string; signed_views: { epoch: unknown; view: unknown }[] }[] };
const written = () => interchangeOf(GENESIS, KEY, { epoch: 3, view: 77 }) as Written;
const read = (json: unknown) => watermarksIn(json, "p.json", GENESIS, KEY);
const refused = (code: string, message = /^p\.json/) => expect.objectContaining({ code, message: expect.stringMatching(message) });

it("is read as it was written, however the key is spelt", () => {
  expect(read(written())).toEqual([{ epoch: 3, view: 77 }]);
  const { metadata, data } = written();
  expect(read({ metadata, data: data.map((x) => ({ ...x, pubkey: x.pubkey.toUpperCase().replace("0X", "0x") })) })).toHaveLength(1);
  expect(read(interchangeOf(GENESIS, KEY, undefined))).toEqual([]);
});

it("is refused where it is another chain's or key's, or no such file", () => {
  const { metadata, data } = written();
  const with_ = (epoch: unknown, view: unknown = "1") => ({ metadata, data: [{ pubkey: KEY, signed_views: [{ epoch, view }] }] });
  for (const no of ["-1", "1e3", "01", " 1", "", "9007199254740992", "99999999999999999999", 3, null, ["1"]])
    expect(() => read(with_(no)), String(no)).toThrow(refused("INTERCHANGE_INVALID", /^p\.json: data\.0\.signed_views\.0\.epoch/));
  expect(read(with_("9007199254740991"))).toEqual([{ epoch: Number.MAX_SAFE_INTEGER, view: 1 }]);
  for (const no of [null, [], "x", {}, { metadata, data: {} }, { metadata: { ...metadata, interchange_format_version: "4" }, data }])
    expect(() => read(no), JSON.stringify(no)).toThrow(refused("INTERCHANGE_INVALID"));
  const { signed_views: _, ...ethereums } = data[0] as Written["data"][number];
  expect(() => read({ metadata, data: [ethereums] })).toThrow(refused("INTERCHANGE_INVALID", /signed_views/));
  expect(() => read({ metadata: { ...metadata, genesis_validators_root: `0x${"33".repeat(32)}` }, data })).toThrow(
    refused("INTERCHANGE_OTHER_CHAIN"),
  );
  expect(() => read({ metadata, data: [] })).toThrow(refused("INTERCHANGE_OTHER_KEY"));
});

it("entries are counted before one is looked at", () => {
  const { metadata } = written();
  const many = Array(100_001).fill(null);
  expect(() => read({ metadata, data: many })).toThrow(refused("INTERCHANGE_INVALID", /data: .*100000/));
  expect(() => read({ metadata, data: [{ pubkey: KEY, signed_views: many }] })).toThrow(
    refused("INTERCHANGE_INVALID", /signed_views: .*100000/),
  );
});
