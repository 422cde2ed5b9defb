import { describe, expect, it } from "vitest";
import { to0x } from "./bytes.ts";
import { type Genesis, genesisHash, genesisValidatorSet, parseGenesis, specHash } from "./genesis.ts";
import { MAX_CHAIN_ID } from "./options.ts";
import { sampleGenesis } from "./testing/golden.ts";

const invalid = (message: RegExp) => expect.objectContaining({ code: "GENESIS_INVALID", message: expect.stringMatching(message) });
const sample = sampleGenesis();
const withValidator = (change: Partial<Genesis["validators"][number]>) => ({
  ...sample,
  validators: sample.validators.map((validator, i) => (i === 1 ? { ...validator, ...change } : validator)),
});

describe("parseGenesis", () => {
  it("takes a valid one, and gives its validators sorted by key", () => {
    const genesis = parseGenesis(JSON.parse(JSON.stringify(sample)));
    expect(genesis).toEqual(sample);
    const set = genesisValidatorSet(genesis);
    expect(set.members.map((m) => to0x(m.publicKey))).toEqual(sample.validators.map((x) => x.publicKey).sort());
    expect(set.total).toBe(10n);
  });

  it("refuses a proof of possession of another key, address or chain of bytes", () => {
    const other = sample.validators[0]?.pop;
    expect(() => parseGenesis(withValidator({ pop: other }))).toThrow(invalid(/validators\.1\.pop/));
    expect(() => parseGenesis(withValidator({ feeAddress: `0x${"11".repeat(20)}` }))).toThrow(invalid(/validators\.1\.pop/));
    expect(() => parseGenesis(withValidator({ pop: `0x${"00".repeat(96)}` }))).toThrow(invalid(/pop/));
  });

  it("refuses bad keys, and one key twice", () => {
    expect(() => parseGenesis(withValidator({ publicKey: `0x${"11".repeat(48)}` }))).toThrow(invalid(/validators\.1\.publicKey/));
    expect(() => parseGenesis(withValidator({ publicKey: `0xc0${"00".repeat(47)}` }))).toThrow(invalid(/publicKey/));
    expect(() => parseGenesis(withValidator({ ...sample.validators[0] }))).toThrow(invalid(/stands twice/));
  });

  it("takes the largest chain id", () => {
    expect(parseGenesis({ ...sample, chainId: MAX_CHAIN_ID }).chainId).toBe(MAX_CHAIN_ID);
  });

  it("names the field that is wrong", () => {
    const cases: [unknown, RegExp][] = [
      [null, /genesis\.json/],
      [{ ...sample, chainId: 0 }, /chainId/],
      [{ ...sample, chainId: 1.5 }, /chainId/],
      [{ ...sample, chainId: MAX_CHAIN_ID + 1 }, /chainId: an integer from 1 to 4503599627370478 is expected/],
      [{ ...sample, timestampMs: -1 }, /timestampMs/],
      [{ ...sample, salt: "0x00" }, /salt/],
      [{ ...sample, salt: `0x${"AA".repeat(32)}` }, /salt/],
      [{ ...sample, dev: "yes" }, /dev/],
      [{ ...sample, validators: [] }, /validators/],
      [{ ...sample, consensus: [] }, /consensus/],
      [{ ...sample, extra: 1 }, /extra/],
      [withValidator({ weight: "0" }), /weight/],
      [withValidator({ weight: "1e3" }), /weight/],
    ];
    for (const [json, field] of cases) expect(() => parseGenesis(json), String(field)).toThrow(invalid(field));
  });
});

describe("genesisHash", () => {
  it("depends on every value and on no order of keys", () => {
    const reversed = Object.fromEntries(Object.entries(sample).reverse()) as Genesis;
    expect(genesisHash(reversed)).toEqual(genesisHash(sample));
    for (const change of [{ salt: `0x${"00".repeat(32)}` }, { timestampMs: 1 }, { da: { x: 1 } }, { dev: false }])
      expect(genesisHash({ ...sample, ...change })).not.toEqual(genesisHash(sample));
    expect(specHash({ b: 1, a: 2 })).toEqual(specHash({ a: 2, b: 1 }));
  });
});
