import { describe, expect, it } from "vitest";
import {
  aggregateSignatures,
  checkPublicKey,
  generateSecretKey,
  publicKeyOf,
  secretKeyFromSeed,
  sign,
  verify,
  verifyAggregate,
  verifyTogether,
} from "./bls.ts";

const message = new Uint8Array(32).fill(5);
const secrets = [1, 2, 3].map((i) => secretKeyFromSeed(new Uint8Array(32).fill(i)));
const keys = secrets.map(publicKeyOf);
const INFINITY_KEY = Uint8Array.of(0xc0, ...new Uint8Array(47));
const INFINITY_SIGNATURE = Uint8Array.of(0xc0, ...new Uint8Array(95));
const refused = expect.objectContaining({ code: "KEY_INVALID" });

describe("bls", () => {
  it("signs and verifies; keys from one seed are one key", () => {
    const signature = sign(secrets[0]!, message);
    expect([keys[0]!.length, signature.length]).toEqual([48, 96]);
    expect(verify(keys[0]!, message, signature)).toBe(true);
    expect(verify(keys[1]!, message, signature)).toBe(false);
    expect(verify(keys[0]!, new Uint8Array(32), signature)).toBe(false);
    expect(secretKeyFromSeed(new Uint8Array(32).fill(1))).toEqual(secrets[0]);
    expect(generateSecretKey()).not.toEqual(generateSecretKey());
  });

  it("aggregates over one message", () => {
    const all = aggregateSignatures(secrets.map((secret) => sign(secret, message)));
    expect(verifyAggregate(keys, message, all)).toBe(true);
    expect(verifyAggregate(keys.slice(1), message, all)).toBe(false);
    expect(verifyAggregate([...keys, keys[0]!], message, all)).toBe(false);
    expect(verifyAggregate([], message, all)).toBe(false);
  });

  it("checks signatures of one message together, and sums them to the same certificate after that", () => {
    const all = secrets.map((secret) => sign(secret, message));
    const before = aggregateSignatures(all);
    expect(verifyTogether(keys, message, all)).toBe(true);
    expect(aggregateSignatures(all)).toEqual(before);
    expect(verifyTogether(keys.slice(1), message, all)).toBe(false);
    expect(verifyTogether(keys, message, all.slice(1))).toBe(false);
    expect(verifyTogether(keys, new Uint8Array(32), all)).toBe(false);
    expect(verifyTogether(keys, message, [...all.slice(1), sign(secrets[0]!, new Uint8Array(32))])).toBe(false);
    expect(verifyTogether([], message, [])).toBe(false);
    for (const bad of [new Uint8Array(0), new Uint8Array(96), INFINITY_SIGNATURE])
      expect(verifyTogether(keys, message, [...all.slice(1), bad])).toBe(false);
  });

  it("malformed or infinite bytes are false where they are checked, KEY_INVALID where they are used", () => {
    const signature = sign(secrets[0]!, message);
    for (const bad of [new Uint8Array(0), new Uint8Array(96), new Uint8Array(96).fill(255), signature.subarray(1), INFINITY_SIGNATURE]) {
      expect(verify(keys[0]!, message, bad)).toBe(false);
      expect(verifyAggregate(keys, message, bad)).toBe(false);
    }
    for (const bad of [new Uint8Array(0), new Uint8Array(48), INFINITY_KEY, keys[0]!.subarray(1)]) {
      expect(verify(bad, message, signature)).toBe(false);
      expect(() => checkPublicKey(bad)).toThrow(refused);
    }
    expect(verify(INFINITY_KEY, message, INFINITY_SIGNATURE)).toBe(false);
    expect(() => aggregateSignatures([])).toThrow(refused);
    expect(() => aggregateSignatures([signature, new Uint8Array(96)])).toThrow(refused);
  });

  it("says nothing of a secret key in its errors", () => {
    const bad = new Uint8Array(32).fill(255);
    for (const use of [() => publicKeyOf(bad), () => sign(bad, message)])
      try {
        use();
        expect.unreachable();
      } catch (error) {
        expect(error).toMatchObject({ code: "KEY_INVALID" });
        expect(`${(error as Error).message}${(error as Error).cause ?? ""}`).not.toMatch(/ff|255/i);
      }
  });
});
