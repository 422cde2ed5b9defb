import { describe, expect, it } from "vitest";
import { bitmapOf } from "../quorum.ts";
import { createValidatorSet } from "../validator-set.ts";
import { aggregateSignatures, publicKeyOf, secretKeyFromSeed, sign } from "./bls.ts";
import { createCertificateScheme } from "./certificate-scheme.ts";
import { createOwnSignatures } from "./own-signatures.ts";
import { signedMessage, voteBody } from "./signed-message.ts";

const GENESIS = new Uint8Array(32).fill(3);
const scheme = createCertificateScheme(GENESIS);
const body = voteBody(1, 2, new Uint8Array(32).fill(4));
const message = signedMessage("notarize", GENESIS, body);

function setOf(weights: readonly bigint[]) {
  const secretOf = new Map(weights.map((_, i) => [i, secretKeyFromSeed(new Uint8Array(32).fill(i + 1))]));
  const validators = weights.map((weight, i) => ({
    publicKey: publicKeyOf(secretOf.get(i)!),
    weight,
    feeAddress: new Uint8Array(20).fill(i),
  }));
  const set = createValidatorSet(0, validators);
  const secrets = set.members.map((m) => secretOf.get(m.feeAddress[0]!)!);
  const vote = (i: number): [number, Uint8Array] => [i, sign(secrets[i]!, message)];
  return { set, secrets, vote };
}

describe("aggregate", () => {
  it("makes a certificate of a quorum, whatever the order of votes", async () => {
    const { set, vote } = setOf([1n, 1n, 1n, 1n]);
    const { certificate, bad } = await scheme.aggregate(set, "notarize", body, new Map([3, 0, 2].map(vote)));
    expect(bad).toEqual([]);
    expect([...certificate!.bitmap]).toEqual([0b1101]);
    expect(await scheme.verify(set, "notarize", body, certificate!)).toBe(true);
    expect((await scheme.aggregate(set, "notarize", body, new Map([0, 2, 3].map(vote)))).certificate).toEqual(certificate);
  });

  it("names the bad ones and goes on with the rest", async () => {
    const { set, secrets, vote } = setOf(Array(9).fill(1n));
    const votes = new Map([0, 1, 2, 3, 4, 5, 6, 7, 8].map(vote));
    votes.set(2, sign(secrets[2]!, new Uint8Array(32))); // another message
    votes.set(7, new Uint8Array(96).fill(9)); // no point
    const { certificate, bad } = await scheme.aggregate(set, "notarize", body, votes);
    expect(bad).toEqual([2, 7]);
    expect(await scheme.verify(set, "notarize", body, certificate!)).toBe(true);
  });

  it("a vote under another's index, or of nobody in the set, is bad", async () => {
    const { set, vote } = setOf([1n, 1n, 1n, 1n]);
    const votes = new Map([vote(0), vote(1), vote(2), [3, vote(0)[1]] as [number, Uint8Array], [9, vote(0)[1]] as [number, Uint8Array]]);
    const { certificate, bad } = await scheme.aggregate(set, "notarize", body, votes);
    expect(bad).toEqual([3, 9]);
    expect([...certificate!.bitmap]).toEqual([0b0111]);
  });

  it("gives none below the quorum by weight, however many vote", async () => {
    const { set, vote } = setOf([1n, 1n, 1n, 10n]);
    const heavy = set.members.findIndex((m) => m.weight === 10n);
    const light = [0, 1, 2, 3].filter((i) => i !== heavy);
    expect(await scheme.aggregate(set, "notarize", body, new Map(light.map(vote)))).toEqual({ bad: [] });
    expect((await scheme.aggregate(set, "notarize", body, new Map([vote(heavy)]))).certificate).toBeDefined();
    expect(await scheme.aggregate(set, "notarize", body, new Map())).toEqual({ bad: [] });
  });
});

describe("own signatures", () => {
  const { set, vote } = setOf([1n, 1n, 1n, 1n]);
  const key = (i: number) => set.members[i]!.publicKey;

  it("are not checked, those of others are", async () => {
    const own = createOwnSignatures();
    const trusting = createCertificateScheme(GENESIS, own);
    const [, wrong] = vote(1); // a signature that does not fit shows what is checked
    own.made(key(0), message, wrong);
    expect(await trusting.verifyOne(key(0), "notarize", body, wrong)).toBe(true);
    expect((await trusting.aggregate(set, "notarize", body, new Map([[0, wrong], vote(2), vote(3)]))).bad).toEqual([]);
    expect((await trusting.aggregate(set, "notarize", body, new Map([[2, wrong], vote(0), vote(3)]))).bad).toEqual([2]);
    expect(await trusting.verifyOne(key(2), "notarize", body, wrong)).toBe(false);
    expect(await trusting.verifyOne(key(0), "finalize", body, wrong)).toBe(false);
  });

  it("make the same certificate as when they are checked", async () => {
    const own = createOwnSignatures();
    for (const i of [0, 1, 2]) own.made(key(i), message, vote(i)[1]);
    const votes = new Map([0, 1, 2].map(vote));
    const trusted = await createCertificateScheme(GENESIS, own).aggregate(set, "notarize", body, votes);
    expect(trusted).toEqual(await createCertificateScheme(GENESIS).aggregate(set, "notarize", body, votes));
    expect(await createCertificateScheme(GENESIS).verify(set, "notarize", body, trusted.certificate!)).toBe(true);
  });
});

describe("verify", () => {
  const { set, vote } = setOf([1n, 1n, 1n, 10n]);
  const certify = (indexes: number[]) => ({
    bitmap: bitmapOf(indexes, 4),
    signature: aggregateSignatures(indexes.map((i) => vote(i)[1])),
  });
  const heavy = set.members.findIndex((m) => m.weight === 10n);
  const check = (certificate: { bitmap: Uint8Array; signature: Uint8Array }, kind: "notarize" | "finalize" = "notarize") =>
    scheme.verify(set, kind, body, certificate);

  it("needs the weight, not the heads", async () => {
    expect(await check(certify([0, 1, 2, 3]))).toBe(true);
    expect(await check(certify([heavy]))).toBe(true);
    expect(await check(certify([0, 1, 2, 3].filter((i) => i !== heavy)))).toBe(false);
  });

  it("needs the bitmap that fits the signature, with no trailing bit", async () => {
    const good = certify([0, 1, 2, 3]);
    expect(await check({ ...good, bitmap: Uint8Array.of(0b0001_1111) })).toBe(false);
    expect(await check({ ...good, bitmap: Uint8Array.of(0b1111, 0) })).toBe(false);
    expect(await check({ ...good, bitmap: new Uint8Array(0) })).toBe(false);
    expect(await check({ ...good, bitmap: bitmapOf([heavy], 4) })).toBe(false);
  });

  it("binds kind, body and chain", async () => {
    const good = certify([0, 1, 2, 3]);
    expect(await check(good, "finalize")).toBe(false);
    expect(await scheme.verify(set, "notarize", voteBody(2, 2, new Uint8Array(32).fill(4)), good)).toBe(false);
    expect(await createCertificateScheme(new Uint8Array(32)).verify(set, "notarize", body, good)).toBe(false);
    const [, signature] = vote(0);
    expect(await scheme.verifyOne(set.members[0]!.publicKey, "notarize", body, signature)).toBe(true);
    expect(await scheme.verifyOne(set.members[1]!.publicKey, "notarize", body, signature)).toBe(false);
  });

  it("remembers what was valid, and nothing that only looks like it", async () => {
    const good = certify([0, 1, 2, 3]);
    for (let i = 0; i < 2; i++) expect(await check(good)).toBe(true);
    const other = setOf([1n, 1n, 1n]).set;
    expect(await scheme.verify(other, "notarize", body, good)).toBe(false);
    expect(await check({ ...good, signature: vote(0)[1] })).toBe(false);
    expect(await check({ ...good, bitmap: bitmapOf([heavy], 4) })).toBe(false);
  });
});
