import { publicKeyOf, secretKeyFromSeed, sign } from "@noema/core/crypto/bls";
import { packBytes } from "@noema/core/packed";
import { nullLogger, nullMetrics } from "@noema/core/testing/null-ports";
import { signedTx, testAddress } from "@noema/execution/testing/chain";
import { decodeTransaction } from "@noema/execution/transactions/decode";
import { readIdentities } from "@noema/execution/transactions/identify";
import { afterEach, expect, it } from "vitest";
import { createCryptoPool, cryptoThreads } from "./crypto-pool.ts";
import { createIdentify, orHere } from "./identify.ts";

const secretKey = secretKeyFromSeed(new Uint8Array(32).fill(5));
const publicKey = publicKeyOf(secretKey);
const message = new Uint8Array(32).fill(1);
const raws = Array.from({ length: 150 }, (_, i) => signedTx(i % 3, { nonce: BigInt(i), to: testAddress(9) }));
const senders = raws.map((_, i) => testAddress(i % 3));

let running = () => 0;
let refused = 0;
const metrics = {
  ...nullMetrics,
  gauge(name: string, _: string, read: () => number) {
    if (name === "noema_crypto_threads") running = read;
  },
  counter: () => () => void refused++,
};
let pool = createCryptoPool({ logger: nullLogger, metrics, threads: 1 });
afterEach(async () => {
  await pool.stop();
  pool = createCryptoPool({ logger: nullLogger, metrics, threads: 2 });
  refused = 0;
});

it("starts no thread before it is asked, and then as many as there is work for", async () => {
  expect(running()).toBe(0);
  await pool.ask("votes", "blsSign", secretKey, message);
  await pool.ask("votes", "blsSign", secretKey, message);
  expect(running()).toBe(1);
  expect([cryptoThreads(1), cryptoThreads(2), cryptoThreads(4), cryptoThreads(64)]).toEqual([1, 1, 2, 8]);
});

it("signs, verifies, and says how many are good before the first that is not", async () => {
  const signature = await pool.ask("votes", "blsSign", secretKey, message);
  expect(signature).toEqual(sign(secretKey, message));
  expect(await pool.ask("peers", "blsVerify", publicKey, message, signature)).toBe(true);
  const good = { keys: [publicKey], message, signature };
  const bad = { ...good, message: new Uint8Array(32) };
  expect(await pool.ask("peers", "blsCountGood", [good, good, bad, good])).toBe(2);
  expect(await pool.ask("peers", "blsCountGood", [good])).toBe(1);
  await expect(pool.ask("votes", "blsSign", new Uint8Array(32), message)).rejects.toMatchObject({ code: "KEY_INVALID" });
});

it("gives hash and sender of each, and names none where none signed", async () => {
  const unsigned = (raws[0] as Uint8Array).slice();
  unsigned.fill(0xff, unsigned.length - 66, unsigned.length - 34); // r
  const asked = [raws[0] as Uint8Array, unsigned, Uint8Array.of(0xc0), new Uint8Array(), raws[1] as Uint8Array];
  const found = readIdentities(await pool.ask("transactions", "identify", packBytes(asked)));
  expect(found.map((x) => x.sender)).toEqual([senders[0], undefined, undefined, undefined, senders[1]]);
  expect(found[4]?.hash).toEqual(decodeTransaction(raws[1] as Uint8Array).hash);
});

it("recovers many in order, by as many threads as there are, and a few without any", async () => {
  const identify = createIdentify(pool);
  const recover = async (asked: readonly Uint8Array[]) => (await identify(asked)).map((x) => x.sender);
  expect(await recover(raws.slice(0, 2))).toEqual(senders.slice(0, 2));
  expect([running(), await recover([])]).toEqual([0, []]);
  const [all, few] = await Promise.all([recover(raws), recover(raws.slice(1, 2))]);
  expect(all).toEqual(senders);
  expect(few).toEqual([senders[1]]);
  expect(running()).toBe(2);
});

it("serves votes first, and refuses above its bound", async () => {
  const order: string[] = [];
  const told = (name: string, answer: Promise<unknown>) => answer.then(() => order.push(name)).catch((error) => error.code);
  const one = packBytes(raws.slice(0, 1));
  const asked = Array.from({ length: 1024 + 2 * 2 }, () => told("transaction", pool.ask("transactions", "identify", one)));
  const vote = told("vote", pool.ask("votes", "blsSign", secretKey, message));
  const above = await told("above", pool.ask("transactions", "identify", one));
  expect([above, refused]).toEqual(["CRYPTO_BUSY", 1]);
  await Promise.all([vote, ...asked]);
  expect(order.indexOf("vote")).toBeLessThan(20);
  expect(order).toHaveLength(1024 + 2 * 2 + 1);
  expect(pool.open()).toBe(0);
});

it("answers what has begun when it stops, and tells what waits", async () => {
  const ask = () => pool.ask("transactions", "identify", packBytes(raws)).then(() => "answered", (error) => error.code); // biome-ignore format: one line
  const asked = Array.from({ length: 10 }, ask);
  await pool.stop();
  const ends = await Promise.all(asked);
  expect(ends.slice(-6)).toEqual(Array(6).fill("CRYPTO_ENDED"));
  expect(new Set(ends.slice(0, -6)).difference(new Set(["answered", "CRYPTO_ENDED"]))).toEqual(new Set());
  await expect(pool.ask("votes", "blsSign", secretKey, message)).rejects.toMatchObject({ code: "CRYPTO_ENDED" });
});

it("another validator's batch is looked at here where the threads have no room, or have ended", async () => {
  const identify = orHere(createIdentify(pool));
  const one = packBytes(raws.slice(0, 1));
  const full = Array.from({ length: 1024 + 2 * 2 }, () => pool.ask("transactions", "identify", one).catch((error) => error.code));
  const found = identify(raws.slice(0, 8));
  await pool.stop();
  const late = identify(raws.slice(0, 8));
  for (const answer of [found, late]) expect((await answer).map((x) => x.sender)).toEqual(senders.slice(0, 8));
  expect(refused).toBe(1);
  expect(await Promise.all(full)).toContain("CRYPTO_ENDED");
});
