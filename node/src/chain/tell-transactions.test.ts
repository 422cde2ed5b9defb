import { toHex } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Network, Peer } from "@noema/core/ports/network";
import type { PublicKeyHex } from "@noema/core/ports/signing";
import { createSimClock } from "@noema/core/testing/sim-clock";
import type { AddOutcome, Pool } from "@noema/execution/pool/pool-interface";
import { txError } from "@noema/execution/transactions/errors";
import { expect, test } from "vitest";
import { HOME_HAS_MS, tellTransactions } from "./tell-transactions.ts";
import { unpackTransactions } from "./transaction-frames.ts";

const [SELF, NEAR, FAR] = ["aa", "bb", "cc"] as [PublicKeyHex, PublicKeyHex, PublicKeyHex];

/** A transaction is its sender's byte and its own; a sender of 0 is refused. */
function setUp(homes: Record<number, PublicKeyHex | undefined>, peers: Peer[] = [{ id: "near", publicKey: NEAR }]) {
  const clock = createSimClock();
  const pooled = new Map<string, { tx: { raw: Bytes }; sender: Bytes; inFlight: boolean }>();
  const addAll = async (raws: readonly Bytes[]): Promise<AddOutcome[]> =>
    raws.map((raw) => {
      if (raw[0] === 0) return { error: txError("TX_NONCE_TOO_LOW", "no") };
      pooled.set(toHex(raw), { tx: { raw }, sender: raw.subarray(0, 1), inFlight: false });
      return { hash: raw };
    });
  const told: string[] = [];
  const note = (to: string, frame: Bytes) => void told.push(`${to} ${unpackTransactions(frame)?.map(toHex)}`);
  let room = true;
  const network = {
    peers: () => peers,
    publish: (_, frame) => note("all", frame),
    tell(to, _, frame) {
      if (room) note(to, frame);
      return room;
    },
  } as Partial<Network> as Network;
  const pool = { addAll, get: (hash: Bytes) => pooled.get(toHex(hash)) } as Partial<Pool> as Pool;
  const of = ([sender]: Bytes) => homes[sender as number];
  const teller = tellTransactions(pool, network, { of, self: SELF }, clock);
  return {
    ...{ clock, teller, pooled, peers, homes },
    fill: () => (room = false),
    told: () => told.splice(0),
    async send(...raws: number[][]) {
      await teller.pool.addAll(raws.map((x) => Uint8Array.from(x)), "local"); // biome-ignore format: one line
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

test("what is accepted in one turn is told to its homes, a frame each; the own and what is refused to nobody", async () => {
  const { send, told, teller, peers } = setUp({ 1: SELF, 2: NEAR, 3: FAR });
  peers.push({ id: "far", publicKey: FAR });
  const one = teller.pool.add(Uint8Array.of(2, 9), "local");
  await Promise.all([send([2, 1], [1, 1], [0, 0], [3, 1], [2, 2]), one]);
  expect(told().toSorted()).toEqual(["far 0301", "near 0209,0201,0202"]);
});

test("everybody is told at once where the home is not known, not connected, or has no room", async () => {
  const { send, told, fill, clock } = setUp({ 2: NEAR, 3: FAR });
  await send([3, 1], [4, 1]);
  expect(told()).toEqual(["all 0301", "all 0401"]);
  fill();
  await send([2, 1]);
  expect(told()).toEqual(["all 0201"]);
  clock.advance(2 * HOME_HAS_MS);
  expect(told()).toEqual([]);
});

test("everybody is told a second later of what stands in no batch by then, once", async () => {
  const { send, told, clock, pooled } = setUp({ 1: SELF, 2: NEAR });
  await send([1, 1], [2, 1], [2, 2], [2, 3]);
  told();
  clock.advance(HOME_HAS_MS / 2);
  await send([2, 4]);
  told();
  (pooled.get("0201") as { inFlight: boolean }).inFlight = true;
  pooled.delete("0202");
  clock.advance(HOME_HAS_MS / 2);
  expect(told().flatMap((x) => x.slice("all ".length).split(",")).toSorted()).toEqual(["0101", "0203"]); // biome-ignore format: one line
  clock.advance(HOME_HAS_MS / 2);
  expect(told()).toEqual(["all 0204"]);
  clock.advance(10 * HOME_HAS_MS);
  expect([told(), clock.pending()]).toEqual([[], 0]);
});

test("who becomes home with an epoch is told what waits, and of nothing else", async () => {
  const { send, told, clock, pooled, homes, teller, peers } = setUp({ 1: SELF, 2: NEAR, 3: NEAR });
  peers.push({ id: "far", publicKey: FAR });
  await send([1, 1], [2, 1], [2, 2], [3, 1]);
  told();
  (pooled.get("0202") as { inFlight: boolean }).inFlight = true;
  Object.assign(homes, { 1: NEAR, 2: FAR });
  clock.advance(HOME_HAS_MS - 1);
  teller.moved();
  expect(told().toSorted()).toEqual(["far 0201", "near 0101"]);
  clock.advance(1);
  expect(told()).toEqual(["all 0301"]);
  clock.advance(HOME_HAS_MS);
  expect(told().toSorted()).toEqual(["all 0101,0201"]);
});

test("where nobody is connected nothing is kept for later", async () => {
  const { send, told, clock } = setUp({ 1: SELF, 2: NEAR }, []);
  await send([1, 1], [2, 1]);
  expect([told(), clock.pending()]).toEqual([[], 0]);
});

test("stopped, it tells nobody any more", async () => {
  const { send, told, clock, teller } = setUp({ 2: NEAR });
  await send([2, 1]);
  told();
  teller.stop();
  clock.advance(2 * HOME_HAS_MS);
  expect(told()).toEqual([]);
});

test("a long run is told in frames of the bounds that a receiver takes", async () => {
  const { send, told } = setUp({ 2: NEAR });
  await send(...Array.from({ length: 300 }, (_, i) => [2, i >> 8, i & 255]));
  const frames = told().map((x) => x.slice("near ".length).split(","));
  expect(frames.map((x) => x.length)).toEqual([128, 128, 44]);
});
