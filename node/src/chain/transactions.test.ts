import type { Network } from "@noema/core/ports/network";
import type { PublicKeyHex } from "@noema/core/ports/signing";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { poolError } from "@noema/execution/pool/errors";
import type { Pool } from "@noema/execution/pool/pool-interface";
import { MAX_TRANSACTION_BYTES } from "@noema/execution/transactions/decode";
import { txError } from "@noema/execution/transactions/errors";
import { expect, test } from "vitest";
import { forwardingPool, receiveTransactions, retellTransactions } from "./transactions.ts";

type Handler = Parameters<Network["onPublish"]>[1];

/** What a peer is told of a transaction that the pool refuses with this error. */
async function verdictFor(error: Error, bytes = 100) {
  const handlers: Handler[] = [];
  const network = { onPublish: (_, f) => void handlers.push(f) } as Pick<Network, "onPublish"> as Network;
  const pool = { add: () => Promise.reject(error) } as Partial<Pool> as Pool;
  receiveTransactions(network, pool);
  return handlers[0]?.({ id: "peer" }, new Uint8Array(bytes));
}

test("a peer is at fault for what nobody could take, and not for being behind or ahead", async () => {
  for (const code of ["TX_SIGNATURE_INVALID", "TX_CHAIN_ID", "TX_FIELD_INVALID", "TX_TOO_LARGE"] as const)
    expect(await verdictFor(txError(code, "no"))).toEqual({ ok: false, code, action: "reject" });
  expect(await verdictFor(txError("TX_NONCE_TOO_LOW", "no"))).toEqual({ ok: false, code: "TX_NONCE_TOO_LOW", action: "ignore" });
  expect(await verdictFor(poolError("POOL_FULL", "no"))).toEqual({ ok: false, code: "POOL_FULL", action: "ignore" });
  const large = await verdictFor(new Error("was not asked"), MAX_TRANSACTION_BYTES + 1);
  expect(large).toEqual({ ok: false, code: "TX_TOO_LARGE", action: "reject" });
});

test("a fault of the pool is not called a refusal: the network logs it and blames nobody", async () => {
  await expect(verdictFor(new TypeError("a fault"))).rejects.toThrow("a fault");
});

test("a node that only follows takes a client's transaction while a validator hears of it, and a peer's always", async () => {
  const peers: { id: string; publicKey?: PublicKeyHex }[] = [];
  const network = { peers: () => peers } as Partial<Network> as Network;
  const pool = { addAll: async () => [{ hash: new Uint8Array(32) }] } as Partial<Pool> as Pool;
  const [validator, stranger] = ["aa", "bb"] as PublicKeyHex[];
  const forwarding = forwardingPool(pool, network, (key) => key === validator);
  const send = () => forwarding.add(new Uint8Array(1), "local");
  const refused = expect.objectContaining({ code: "NO_VALIDATOR_CONNECTED" });
  await expect(send()).rejects.toEqual(refused);
  peers.push({ id: "a" }, { id: "b", publicKey: stranger });
  await expect(send()).rejects.toEqual(refused);
  await expect(forwarding.add(new Uint8Array(1), "peer")).resolves.toHaveLength(32);
  peers.push({ id: "c", publicKey: validator });
  await expect(send()).resolves.toHaveLength(32);
});

test("a node that only follows tells again what waits, until it is stopped", () => {
  const clock = createSimClock();
  const start = clock.nowMs();
  const told: number[] = [];
  const network = { publish: (_topic, body) => void told.push(body[0] as number) } as Partial<Network> as Network;
  const pooled = (n: number, seenMs: number) => ({ tx: { raw: Uint8Array.of(n) }, seenMs });
  const content = { pending: [pooled(1, start), pooled(2, start + 29_000)], queued: [pooled(3, start)] };
  const stop = retellTransactions({ content: () => content } as unknown as Pool, network, clock);
  clock.advance(30_000);
  expect(told.splice(0)).toEqual([1, 3]);
  clock.advance(30_000);
  expect(told.splice(0)).toEqual([1, 2, 3]);
  stop();
  clock.advance(300_000);
  expect(told).toEqual([]);
});
