import { publicKeyOf, secretKeyFromSeed, sign } from "@noema/core/crypto/bls";
import { createSimClock, settle } from "@noema/core/testing/sim-clock";
import { expect, it } from "vitest";
import { nodeError } from "../errors.ts";
import type { CryptoPool } from "./crypto-pool.ts";
import { createPeerPairing } from "./peer-pairing.ts";

const secret = secretKeyFromSeed(new Uint8Array(32).fill(1));
const keys = [publicKeyOf(secret)];
const message = new Uint8Array(32).fill(2);
const good = sign(secret, message);
const bad = sign(secret, new Uint8Array(32));

function setUp() {
  const asked: ((answer: boolean | Error) => void)[] = [];
  const ask = () =>
    new Promise<boolean>((resolve, reject) => asked.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer))));
  const clock = createSimClock();
  const pairing = createPeerPairing({ ask } as unknown as Pick<CryptoPool, "ask">, clock);
  return { asked, clock, pairing };
}

it("checks few on this thread, and what is above by the crypto threads", async () => {
  const { asked, clock, pairing } = setUp();
  expect([await pairing(keys, message, good), await pairing(keys, message, bad)]).toEqual([true, false]);
  for (let i = 2; i < 40; i++) await pairing(keys, message, good);
  const above = pairing(keys, message, bad);
  expect(asked).toHaveLength(1);
  asked[0]?.(false);
  expect(await above).toBe(false);
  clock.advance(25);
  expect(await pairing(keys, message, good)).toBe(true);
  expect(asked).toHaveLength(1);
});

it("asks at most so many at once, and each of them in the end; a thread that ends makes no signature wrong", async () => {
  const { asked, pairing } = setUp();
  for (let i = 0; i < 40; i++) await pairing(keys, message, good);
  const all = Array.from({ length: 100 }, (_, i) => pairing(keys, message, i === 99 ? bad : good));
  expect(asked).toHaveLength(64);
  for (let i = 0; i < 100; i++) {
    asked[i]?.(i % 2 === 0 ? true : nodeError("CRYPTO_ENDED", "the thread ended before it answered"));
    await settle();
  }
  expect(await Promise.all(all)).toEqual(Array.from({ length: 100 }, (_, i) => i !== 99));
});
