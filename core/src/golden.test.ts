/** core/fixtures is what every other implementation writes: the code must agree with the files, and the files with the rules. */
import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { describe, expect, it } from "vitest";
import { fromHex } from "./bytes.ts";
import { verify, verifyAggregate } from "./crypto/bls.ts";
import { parseGenesis } from "./genesis.ts";
import { computeGolden, GOLDEN_FILES, readGolden } from "./testing/golden.ts";
import { availabilityCertType, availabilityHeaderType, fromSszCert } from "./types/availability.ts";
import { decodeSsz } from "./types/ssz.ts";

const sha256 = (...parts: (Uint8Array | string)[]) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return `0x${hash.digest("hex")}`;
};
const u64 = (value: number | bigint) => {
  const out = Buffer.alloc(8);
  out.writeBigUInt64LE(BigInt(value));
  return out;
};

type Signing = {
  genesisHash: string;
  publicKey: string;
  kinds: { kind: string; domain: string; body: string; message: string; signature: string }[];
};
type Certificate = {
  members: { publicKey: string; weight: string; feeAddress: string }[];
  validatorSetHash: string;
  message: string;
  signers: number[];
  bitmap: string;
  signature: string;
  ssz: string;
};
type Availability = {
  header: Record<string, string | number>;
  headerSsz: string;
  headerRoot: string;
  signedBody: string;
  certificates: { kind: string; ssz: string }[];
};

describe("golden files", () => {
  for (const name of GOLDEN_FILES)
    it(`${name}.json is what the code writes`, async () => expect(await computeGolden(name)).toEqual(readGolden(name)));

  it("signing: domain and message by node:crypto, and the signature verifies", () => {
    const golden = readGolden("signing") as Signing;
    expect(golden.kinds.length).toBe(13);
    for (const { kind, domain, body, message, signature } of golden.kinds) {
      expect(domain).toBe(sha256(`noema/1/${kind}`, fromHex(golden.genesisHash)));
      expect(message).toBe(sha256(fromHex(domain), fromHex(body)));
      expect(verify(fromHex(golden.publicKey), fromHex(message), fromHex(signature))).toBe(true);
    }
  });

  it("certificate: set hash by node:crypto, bits are the signers, one aggregate", () => {
    const golden = readGolden("certificate") as Certificate;
    const parts = golden.members.flatMap((m) => [fromHex(m.publicKey), u64(BigInt(m.weight)), fromHex(m.feeAddress)]);
    expect(golden.validatorSetHash).toBe(sha256(...parts));
    expect(golden.members.map((m) => m.publicKey)).toEqual(golden.members.map((m) => m.publicKey).sort());
    const bits = golden.signers.reduce((sum, i) => sum | (1 << i), 0);
    expect(golden.bitmap).toBe(`0x${bits.toString(16).padStart(2, "0")}`);
    const keys = golden.signers.map((i) => fromHex(golden.members[i]?.publicKey ?? ""));
    expect(verifyAggregate(keys, fromHex(golden.message), fromHex(golden.signature))).toBe(true);
    // SSZ container: offset of the bitmap (4 + 96), signature, bitmap
    expect(golden.ssz).toBe(`0x64000000${golden.signature.slice(2)}${golden.bitmap.slice(2)}`);
  });

  it("availability: the header's bytes and its root by node:crypto", () => {
    const { header, ...golden } = readGolden("availability") as Availability;
    const names = ["epoch", "publisher", "seq", "refHeight", "bytes", "gasLimitSum", "expiry"];
    const fields = [...names.map((name) => u64(BigInt(header[name] as string))), Buffer.from(fromHex(header.id as string))];
    expect(golden.headerSsz).toBe(`0x${Buffer.concat(fields).toString("hex")}`);
    let layer = fields.map((field) => Buffer.concat([field, Buffer.alloc(32 - field.length)]));
    while (layer.length > 1)
      layer = layer.flatMap((left, i) => (i % 2 ? [] : [Buffer.from(sha256(left, layer[i + 1] as Buffer).slice(2), "hex")]));
    expect(golden.headerRoot).toBe(`0x${layer[0]?.toString("hex")}`);
    expect(golden.signedBody).toBe(`0x${u64(header.epoch as number).toString("hex")}${golden.headerRoot.slice(2)}`);
    for (const { kind, ssz } of golden.certificates)
      expect(fromSszCert(decodeSsz(availabilityCertType, fromHex(ssz)))).toMatchObject({ kind, header: { seq: header.seq } });
    expect(decodeSsz(availabilityHeaderType, fromHex(golden.headerSsz)).gasLimitSum).toBe(BigInt(header.gasLimitSum as string));
  });

  it("genesis: sha256 of the canonical JSON, and it parses", () => {
    const golden = readGolden("genesis") as { genesis: unknown; genesisHash: string; emptySpecHash: string };
    expect(golden.genesisHash).toBe(sha256(canonicalize(golden.genesis) as string));
    expect(golden.emptySpecHash).toBe(sha256("{}"));
    expect(() => parseGenesis(golden.genesis)).not.toThrow();
  });
});
