/** A light client accepts the certificates that validators make, and no others: the same verdicts as blst's. */
import { publicKeyOf, secretKeyFromSeed, sign } from "@noema/core/crypto/bls";
import { createCertificateScheme } from "@noema/core/crypto/certificate-scheme";
import { signedMessage } from "@noema/core/crypto/signed-message";
import type { Certificate, SignedKind, ValidatorSet } from "@noema/core/ports/signing";
import { createValidatorSet } from "@noema/core/validator-set";
import { beforeAll, expect, it } from "vitest";
import { createNobleCrypto } from "./noble-crypto.ts";

const GENESIS = new Uint8Array(32).fill(3);
const BODY = new Uint8Array(40).fill(4);
const INFINITY = Uint8Array.of(0xc0, ...new Uint8Array(95));
const validators = [5n, 1n, 1n, 1n].map((weight, i) => {
  const secret = secretKeyFromSeed(new Uint8Array(32).fill(i + 1));
  return { secret, publicKey: publicKeyOf(secret), weight, feeAddress: new Uint8Array(20).fill(i) };
});
const set = createValidatorSet(0, validators);
const blst = createCertificateScheme(GENESIS);
const noble = createNobleCrypto(GENESIS).certificates;
/** Index of the validator that has 5 of 8. */
const heavy = set.members.findIndex((member) => member.weight === 5n);
let good: Certificate;

beforeAll(async () => {
  const message = signedMessage("blob", GENESIS, BODY);
  const secretOf = (i: number) => validators[set.members[i]!.feeAddress[0]!]!.secret;
  const signers = [heavy, (heavy + 1) % 4].sort();
  const votes = new Map(signers.map((i) => [i, sign(secretOf(i), message)]));
  good = (await blst.aggregate(set, "blob", BODY, votes)).certificate!;
});

async function verdict(certificate: Certificate, kind: SignedKind = "blob", body = BODY, of: ValidatorSet = set): Promise<boolean> {
  const own = await noble.verify(of, kind, body, certificate);
  expect(own).toBe(await blst.verify(of, kind, body, certificate));
  return own;
}

it("accepts what more than 2/3 of the stake signed", async () => {
  expect(await verdict(good)).toBe(true);
});

it("refuses another kind, body, chain, set of signers and signature", async () => {
  expect(await verdict(good, "batch")).toBe(false);
  expect(await verdict(good, "blob", new Uint8Array(40))).toBe(false);
  expect(await createNobleCrypto(new Uint8Array(32)).certificates.verify(set, "blob", BODY, good)).toBe(false);
  const { bitmap, signature } = good;
  const others = Uint8Array.of(0b1111 ^ (1 << ((heavy + 1) % 4)));
  for (const wrong of [others, Uint8Array.of(0), Uint8Array.of(bitmap[0]! | 16), new Uint8Array(2), new Uint8Array(0)])
    expect(await verdict({ bitmap: wrong, signature })).toBe(false);
  for (const wrong of [INFINITY, new Uint8Array(96), new Uint8Array(95), signature.map((byte, i) => (i === 95 ? byte ^ 1 : byte))])
    expect(await verdict({ bitmap, signature: wrong })).toBe(false);
});

it("counts stake, not signers", async () => {
  const turned = set.members.map((member, i) => ({ ...member, weight: i === heavy ? 1n : 5n }));
  expect(await verdict(good, "blob", BODY, createValidatorSet(0, turned))).toBe(false); // 6 of 16
});
