import { concatBytes } from "@noema/core/bytes";
import type { Network } from "@noema/core/ports/network";
import type { Sidecars } from "@noema/core/ports/sidecars";
import type { PublicKeyHex } from "@noema/core/ports/signing";
import { nullLogger } from "@noema/core/testing/null-ports";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { poolError } from "@noema/execution/pool/errors";
import type { AddOutcome, Pool } from "@noema/execution/pool/pool-interface";
import { MAX_TRANSACTION_BYTES } from "@noema/execution/transactions/decode";
import { txError } from "@noema/execution/transactions/errors";
import { signTransaction } from "@noema/execution/transactions/testing/sign-transaction";
import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeFrame } from "../p2p/framing.ts";
import { MAX_FRAME_BYTES, MAX_FRAME_TRANSACTIONS, packTransactions, unpackTransactions } from "./transaction-frames.ts";
import { forwardingPool, receiveTransactions, retellTransactions } from "./transactions.ts";

type Handler = Parameters<Network["onPublish"]>[1];

/** What a peer is told of a frame whose transactions the pool answers with these, and what the pool saw. */
function receiver(addAll: Pool["addAll"], obtain: Sidecars["obtain"] = () => Promise.reject(new Error("asked for blobs"))) {
  const handlers: Handler[] = [];
  const on = (_: string, f: Handler) => void handlers.push(f);
  const network = { onPublish: on, onTell: on } as Partial<Network> as Network;
  receiveTransactions(network, { addAll } as Partial<Pool> as Pool, { obtain }, nullLogger);
  return async (frame: Uint8Array) => handlers[0]?.({ id: "peer" }, frame);
}

const accepted: AddOutcome = { hash: new Uint8Array(32) };
const raws = (count: number, bytes = 100) => Array.from({ length: count }, (_, i) => new Uint8Array(bytes).fill(i));
const verdictFor = (...outcomes: AddOutcome[]) => receiver(async () => outcomes)(packTransactions(raws(outcomes.length))[0] as Uint8Array);

test("a peer is at fault for what nobody could take, and not for being behind or ahead", async () => {
  const low = { error: txError("TX_NONCE_TOO_LOW", "no") };
  for (const code of ["TX_SIGNATURE_INVALID", "TX_CHAIN_ID", "TX_FIELD_INVALID", "TX_TOO_LARGE"] as const) {
    expect(await verdictFor({ error: txError(code, "no") })).toEqual({ ok: false, code, action: "reject" });
    expect(await verdictFor(accepted, low, { error: txError(code, "no") })).toEqual({ ok: false, code, action: "reject" });
  }
  expect(await verdictFor(low)).toEqual({ ok: false, code: "TX_NONCE_TOO_LOW", action: "ignore" });
  expect(await verdictFor({ error: poolError("POOL_FULL", "no") })).toEqual({ ok: false, code: "POOL_FULL", action: "ignore" });
  expect(await verdictFor(low, accepted)).toEqual({ ok: true });
});

test("what lacks its blobs alone is offered again once they came from whoever told it, and else forgotten", async () => {
  const hash = new Uint8Array(32).fill(1);
  const blobs = signTransaction({ type: 3, chainId: 7n, blobVersionedHashes: [hash] }, new Uint8Array(32).fill(9));
  for (const come of [true, false]) {
    const seen: unknown[] = [];
    const missing = { error: txError("TX_SIDECAR_MISSING", "no") };
    const judge = receiver(
      async (x, origin) => {
        seen.push([x.length, origin]);
        return seen.length === 1 ? [accepted, missing] : [accepted];
      },
      async (hashes, first) => {
        seen.push([hashes, first]);
        if (!come) throw new Error("nobody has them");
      },
    );
    expect(await judge(packTransactions([raws(1)[0] as Uint8Array, blobs])[0] as Uint8Array)).toEqual({ ok: true });
    await new Promise(setImmediate);
    expect(seen).toEqual([[2, "peer"], [[hash], "peer"], ...(come ? [[1, "peer"]] : [])]);
  }
});

test("a fault of the pool is not called a refusal: the network logs it and blames nobody", async () => {
  const judge = receiver(() => Promise.reject(new TypeError("a fault")));
  await expect(judge(packTransactions(raws(1))[0] as Uint8Array)).rejects.toThrow("a fault");
});

test("a frame holds what it says within its bounds, or the peer is disconnected and the pool not asked", async () => {
  let asked = 0;
  const judge = receiver(async (x) => {
    asked += x.length;
    return x.map(() => accepted);
  });
  const [good] = packTransactions(raws(3)) as [Uint8Array];
  const empty = new Uint8Array(0);
  const short = good.slice(0, -1);
  const long = concatBytes(good, Uint8Array.of(0, 0, 0));
  const many = concatBytes(...Array.from({ length: MAX_FRAME_TRANSACTIONS + 1 }, () => encodeFrame(Uint8Array.of(1))));
  const large = encodeFrame(new Uint8Array(MAX_FRAME_BYTES));
  const huge = Uint8Array.of(255, 255, 255, 255, 1);
  for (const frame of [empty, short, long, many, large, huge])
    expect(await judge(frame)).toEqual({ ok: false, code: "P2P_FRAME_INVALID", action: "disconnect" });
  expect(asked).toBe(0);
  expect(await judge(good)).toEqual({ ok: true });
  expect(asked).toBe(3);
});

test("what is packed is unpacked, in its order, in as few frames as the bounds allow", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat(300), fc.constantFrom(MAX_TRANSACTION_BYTES, 60_000)), { maxLength: 400 }), (sizes) => {
      const all = sizes.map((size, i) => new Uint8Array(size).fill(i));
      const frames = packTransactions(all);
      const seen = (raws: readonly Uint8Array[]) => raws.map((raw) => [raw.length, raw[0], raw.at(-1)]);
      expect(seen(frames.flatMap((frame) => unpackTransactions(frame) as Uint8Array[]))).toEqual(seen(all));
      for (const [i, frame] of frames.entries()) {
        const next = frames[i + 1] && unpackTransactions(frames[i + 1] as Uint8Array)?.[0];
        const full = unpackTransactions(frame)?.length === MAX_FRAME_TRANSACTIONS;
        expect(next === undefined || full || frame.length + 4 + next.length > MAX_FRAME_BYTES).toBe(true);
      }
    }),
    { numRuns: 50 },
  );
});

test("frames enter the pool one in a turn of the event loop, so that others have theirs between", async () => {
  const order: string[] = [];
  const judge = receiver(async () => {
    order.push("pool");
    setImmediate(() => order.push("other"));
    return [accepted];
  });
  const frames = [1, 2, 3].map((n) => packTransactions(raws(n))[0] as Uint8Array);
  await Promise.all(frames.map(judge));
  expect(order).toEqual(["pool", "other", "pool", "other", "pool"]);
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
  const network = {
    publish: (_topic, body) => void told.push(...(unpackTransactions(body) ?? []).map(([n]) => n as number)),
  } as Partial<Network> as Network;
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
