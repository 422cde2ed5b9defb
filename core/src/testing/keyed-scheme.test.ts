import { expect, it } from "vitest";
import { voteBody } from "../crypto/signed-message.ts";
import type { Bytes } from "../ports/bytes.ts";
import { createKeyedValidators } from "./keyed-scheme.ts";

const { set, scheme, signers } = createKeyedValidators([1n, 1n, 1n, 1n]);
const body = voteBody(0, 7, new Uint8Array(32).fill(1));

async function votesOf(indexes: number[]): Promise<Map<number, Bytes>> {
  return new Map(await Promise.all(indexes.map(async (i) => [i, (await signers[i]?.sign("notarize", body)) as Bytes] as const)));
}

it("certifies a quorum, and only for what was signed", async () => {
  const { certificate, bad } = await scheme.aggregate(set, "notarize", body, await votesOf([0, 2, 3]));
  expect(bad).toEqual([]);
  if (certificate === undefined) throw new Error("no certificate");
  expect(await scheme.verify(set, "notarize", body, certificate)).toBe(true);
  expect(await scheme.verify(set, "finalize", body, certificate)).toBe(false);
  expect(await scheme.verify(set, "notarize", voteBody(0, 8, new Uint8Array(32).fill(1)), certificate)).toBe(false);
  expect(await scheme.verify(set, "notarize", body, { ...certificate, bitmap: Uint8Array.of(0b1111) })).toBe(false);
  expect(await scheme.verify(set, "notarize", body, { ...certificate, bitmap: Uint8Array.of(0b0101) })).toBe(false);
});

it("names bad signers and needs more than two thirds of the weight", async () => {
  const votes = await votesOf([0, 1, 2, 3]);
  votes.set(1, new Uint8Array(96));
  const { certificate, bad } = await scheme.aggregate(set, "notarize", body, votes);
  expect(bad).toEqual([1]);
  expect([...(certificate?.bitmap ?? [])]).toEqual([0b1101]);
  expect((await scheme.aggregate(set, "notarize", body, await votesOf([0, 1]))).certificate).toBeUndefined();
});

it("gives signer i the key of member i", async () => {
  for (const [i, signer] of signers.entries()) {
    const signature = await signer.sign("nullify", body);
    for (const [j, member] of set.members.entries())
      expect(await scheme.verifyOne(member.publicKey, "nullify", body, signature)).toBe(i === j);
  }
});
