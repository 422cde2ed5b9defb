import { concatBytes, toHex } from "@noema/core/bytes";
import type { AvailabilityCert, AvailabilityHeader } from "@noema/core/ports/data";
import { settle } from "@noema/core/testing/sim-clock";
import { availabilityBody, availabilityHeaderHash } from "@noema/core/types/availability";
import { expect, it } from "vitest";
import { INSTANT_PACE } from "../options.ts";
import { headerKey } from "../shared/cert-pool.ts";
import { createTestLanes, type TestLanes, tx } from "../testing/lanes.ts";
import { batchId, encodeBatch } from "./batch.ts";
import { BATCH_FRAME, decodeSignature, encodeCert, encodeCerts, SIGNATURE_FRAME } from "./frames.ts";

const EQUAL = [1n, 1n, 1n, 1n];
const never = new AbortController().signal;

function four(own = {}): TestLanes {
  const lanes = createTestLanes(EQUAL, own);
  for (let i = 0; i < 4; i++) lanes.start(i);
  return lanes;
}

function headerOf(lanes: TestLanes, publisher: number, seq: number, txs: Uint8Array[]): AvailabilityHeader {
  const bytes = txs.reduce((sum, t) => sum + t.length, 0);
  const gasLimitSum = 21_000n * BigInt(txs.length);
  return { epoch: 0, publisher, seq, refHeight: lanes.chain.height, bytes, gasLimitSum, expiry: 0, id: batchId(txs) };
}

it("certifies a batch at every validator in one round trip after the delay", async () => {
  const lanes = four();
  await lanes.clock.advanceAsync(100);
  let told = 0;
  lanes.nodes[3]!.lane.onAvailable(() => told++);
  lanes.nodes[0]!.source.add(tx(1), tx(2));
  await lanes.clock.advanceAsync(20 + 5 + 5);
  expect(lanes.nodes[0]!.lane.available(10)).toHaveLength(1);
  await lanes.clock.advanceAsync(5);
  for (const node of lanes.nodes) {
    const [cert] = node.lane.available(10);
    expect(await lanes.scheme.verify(lanes.set, "batch", availabilityBody(cert!.header), cert!.certificate)).toBe(true);
    expect((await node.lane.read(cert!, never)).txs).toEqual([tx(1), tx(2)]);
  }
  expect(told).toBe(1);
  expect(lanes.net.verdicts).toEqual([]);
});

it("sets no timer while there is nothing to do", async () => {
  const lanes = four();
  await lanes.clock.advanceAsync(10_000);
  expect(lanes.clock.pending()).toBe(0);
  lanes.nodes[1]!.source.add(tx(1));
  await lanes.clock.advanceAsync(10_000);
  expect(lanes.clock.pending()).toBe(0);
});

it("with one validator a batch is certified without a delay", async () => {
  const lanes = createTestLanes([5n]);
  const { lane, source } = lanes.start(0);
  source.add(tx(1));
  for (let i = 0; i < 10; i++) await settle();
  expect(lane.available(1)).toHaveLength(1);
});

it("may hold what comes until the batch before is in a block, so that it shares the next one", async () => {
  const lanes = createTestLanes([5n], { aheadMs: Number.POSITIVE_INFINITY });
  const { lane, source } = lanes.start(0);
  const quiet = async () => {
    for (let i = 0; i < 10; i++) await settle();
  };
  for (const n of [1, 2, 3]) {
    source.add(tx(n));
    await quiet();
  }
  const [first, ...others] = lane.available(10);
  expect(others).toEqual([]);
  expect((await lane.read(first!, never)).txs).toEqual([tx(1)]);
  lane.included([first!], 11);
  await quiet();
  const [second] = lane.available(10);
  expect((await lane.read(second!, never)).txs).toEqual([tx(2), tx(3)]);
});

it("behind a batch that was not full what comes waits until that is in a block, or for a second, and shares the next one", async () => {
  const lanes = four({ aheadMs: 1000 });
  const { lane, source } = lanes.nodes[0]!;
  await lanes.clock.advanceAsync(100);
  source.add(tx(1));
  await lanes.clock.advanceAsync(100);
  const first = lane.available(10);
  expect(first).toHaveLength(1);
  for (const n of [2, 3]) {
    source.add(tx(n));
    await lanes.clock.advanceAsync(100);
  }
  expect(lane.available(10)).toEqual(first);
  lane.included(first, 11);
  await lanes.clock.advanceAsync(50);
  const second = lane.available(10);
  expect(second).toHaveLength(1);
  expect((await lane.read(second[0]!, never)).txs).toEqual([tx(2), tx(3)]);
  // no block comes: it stands a second after the batch before, and no timer stays
  source.add(tx(4));
  await lanes.clock.advanceAsync(900);
  expect(lane.available(10)).toEqual(second);
  await lanes.clock.advanceAsync(150);
  expect(lane.available(10)).toHaveLength(2);
  await lanes.clock.advanceAsync(10_000);
  expect(lanes.clock.pending()).toBe(0);
});

it("behind a batch of some transactions the next is cut after a while, whether that is in a block or not; behind one of few at once", async () => {
  const lanes = four({ aheadMs: 1000, gapMs: 400 });
  const { lane, source } = lanes.nodes[0]!;
  const batches: number[] = [];
  const add = async (...ns: number[]) => {
    source.add(...ns.map((n) => tx(n)));
    await lanes.clock.advanceAsync(50);
    const certs = lane.available(10);
    batches.push(certs.length);
    lane.included(certs, 11);
  };
  await lanes.clock.advanceAsync(100);
  await add(1, 2, 3);
  await add(4, 5, 6, 7);
  for (let n = 8; n < 15; n++) await add(n);
  expect(batches).toEqual([1, 1, 0, 0, 0, 0, 0, 0, 0]);
  await add(15);
  expect(batches.at(-1)).toBe(1);
});

it("in instant mode a batch of many holds the next one for a tenth of a second, one of few only until it is in a block", async () => {
  const lanes = four(INSTANT_PACE);
  const { lane, source } = lanes.nodes[0]!;
  const cut = async (from: number, count: number, ms: number) => {
    source.add(...Array.from({ length: count }, (_, i) => tx(from + i)));
    await lanes.clock.advanceAsync(ms);
    const certs = lane.available(10);
    lane.included(certs, 11);
    return certs.length;
  };
  await lanes.clock.advanceAsync(100);
  expect(await cut(0, 63, 20)).toBe(1);
  expect(await cut(100, 64, 20)).toBe(1);
  expect(await cut(200, 1, 20)).toBe(0);
  expect(await cut(300, 1, 100)).toBe(1);
});

it("behind a full batch what comes is cut at once", async () => {
  const lanes = four({ aheadMs: 1000 });
  const { lane, source } = lanes.nodes[0]!;
  await lanes.clock.advanceAsync(100);
  source.add(...Array.from({ length: 200 }, (_, i) => tx(i, 1000)));
  await lanes.clock.advanceAsync(100);
  expect(lane.available(10).map((cert) => cert.header.bytes)).toEqual([131_000, 69_000]);
  source.add(tx(1)); // the last one was more than half full
  await lanes.clock.advanceAsync(100);
  expect(lane.available(10)).toHaveLength(3);
  source.add(tx(2));
  await lanes.clock.advanceAsync(100);
  expect(lane.available(10)).toHaveLength(3);
});

it("splits a large queue into batches within the limit", async () => {
  const lanes = four();
  const txs = Array.from({ length: 300 }, (_, i) => tx(i, 1000));
  lanes.nodes[0]!.source.add(...txs);
  await lanes.clock.advanceAsync(100);
  const certs = lanes.nodes[2]!.lane.available(10);
  expect(certs.map((c) => c.header.bytes)).toEqual([131_000, 131_000, 38_000]);
  const read = await Promise.all(certs.map((c) => lanes.nodes[2]!.lane.read(c, never)));
  expect(read.flatMap((x) => x.txs)).toEqual(txs);
});

it("fetches a batch that it lacks when its certificate comes, and offers it only then", async () => {
  const lanes = four();
  await lanes.clock.advanceAsync(100);
  lanes.net.partition([["v0", "v1", "v2"], ["v3"]]);
  lanes.nodes[0]!.source.add(tx(1));
  await lanes.clock.advanceAsync(200);
  const [cert] = lanes.nodes[0]!.lane.available(1);
  expect(cert).toBeDefined();
  lanes.net.heal();
  lanes.nodes[1]!.network.send("v3", "data", encodeCert(cert!));
  await lanes.clock.advanceAsync(6);
  expect(lanes.nodes[3]!.lane.available(1)).toEqual([]);
  await lanes.clock.advanceAsync(20);
  expect(lanes.nodes[3]!.lane.available(1)).toHaveLength(1);
});

it("read of an included certificate retries until a holder answers, and ends with its signal", async () => {
  const lanes = four();
  await lanes.clock.advanceAsync(100);
  lanes.net.partition([["v0", "v1", "v2"], ["v3"]]);
  lanes.nodes[0]!.source.add(tx(1));
  await lanes.clock.advanceAsync(200);
  const [cert] = lanes.nodes[0]!.lane.available(1);
  const { lane } = lanes.nodes[3]!;
  lane.included([cert!], 11);
  const control = new AbortController();
  const given = lane.read(cert!, control.signal);
  const reading = lane.read(cert!, never);
  await lanes.clock.advanceAsync(30_000);
  control.abort(new Error("enough"));
  await expect(given).rejects.toThrow("enough");
  lanes.net.heal();
  await lanes.clock.advanceAsync(5000);
  expect((await reading).txs).toEqual([tx(1)]);
});

it("learns certificates that it missed when a peer connects", async () => {
  const lanes = four();
  await lanes.clock.advanceAsync(100);
  lanes.nodes[3]!.network.leave();
  lanes.nodes[0]!.source.add(tx(1));
  await lanes.clock.advanceAsync(200);
  await lanes.restart(3);
  await lanes.clock.advanceAsync(200);
  expect(lanes.nodes[3]!.lane.available(5)).toHaveLength(1);
});

it("signs one id for each (publisher, epoch, seq), also after a crash", async () => {
  const lanes = createTestLanes(EQUAL);
  lanes.start(1);
  const evil = lanes.net.join("v0", lanes.signers[0]!.publicKey);
  const signatures: string[] = [];
  evil.onFrame("data", (_from, frame) => {
    if (frame[0] === SIGNATURE_FRAME) signatures.push(toHex(decodeSignature(frame).headerHash));
    return { ok: true };
  });
  const send = async (n: number) => {
    const txs = [tx(n)];
    const header = headerOf(lanes, 0, 7, txs);
    evil.send("v1", "data", encodeBatch(BATCH_FRAME, { header, txs }));
    await lanes.clock.advanceAsync(20);
    return headerKey(header);
  };
  const first = await send(1);
  await send(2);
  expect(signatures).toEqual([first]);
  await lanes.restart(1);
  await lanes.clock.advanceAsync(20);
  await send(3);
  expect(signatures).toEqual([first]);
  await send(1);
  expect(signatures).toEqual([first, first]);
  expect(lanes.net.verdicts.map((v) => v.code)).toEqual(["DA_EQUIVOCATION", "DA_EQUIVOCATION"]);
});

it("does not let a signature leave before its record is durable", async () => {
  const lanes = four();
  await lanes.clock.advanceAsync(100);
  for (const i of [1, 2, 3]) lanes.nodes[i]!.log.holdSync();
  lanes.nodes[0]!.source.add(tx(1));
  await lanes.clock.advanceAsync(500);
  expect(lanes.nodes[0]!.lane.available(1)).toEqual([]);
  for (const i of [1, 2]) lanes.nodes[i]!.log.releaseSync();
  await lanes.clock.advanceAsync(20);
  expect(lanes.nodes[0]!.lane.available(1)).toHaveLength(1);
});

it("refuses a batch with an invalid transaction, a wrong sum, a foreign publisher or a wrong id, before it signs", async () => {
  const cases: [string, (h: AvailabilityHeader) => AvailabilityHeader, Uint8Array[]][] = [
    ["invalid", (h) => h, [Uint8Array.of(0xff, 1)]],
    ["gas", (h) => ({ ...h, gasLimitSum: 1n }), [tx(1)]],
    ["publisher", (h) => ({ ...h, publisher: 2 }), [tx(1)]],
    ["bytes", (h) => ({ ...h, bytes: 5 }), [tx(1)]],
    ["id", (h) => ({ ...h, id: new Uint8Array(32) }), [tx(1)]],
    ["empty", (h) => h, []],
  ];
  for (const [name, change, txs] of cases) {
    const lanes = createTestLanes(EQUAL);
    lanes.start(1);
    const evil = lanes.net.join("v0", lanes.signers[0]!.publicKey);
    let signed = 0;
    evil.onFrame("data", () => {
      signed++;
      return { ok: true };
    });
    evil.send("v1", "data", encodeBatch(BATCH_FRAME, { header: change(headerOf(lanes, 0, 1, txs)), txs }));
    await lanes.clock.advanceAsync(50);
    expect([name, ...lanes.net.verdicts.map((v) => `${v.code} ${v.action}`)]).toEqual([name, "DA_BATCH_INVALID disconnect"]);
    expect(signed).toBe(0);
  }
});

it("stops signing at twice the publisher's share, and goes on in the next window", async () => {
  const lanes = createTestLanes(EQUAL, { payloadBytesPerBlock: 1000 }); // 4 x 1000 x 64 x 2 / 4 = 32,000 bytes: 7 batches of 4,096
  lanes.start(1);
  const evil = lanes.net.join("v0", lanes.signers[0]!.publicKey);
  let signed = 0;
  evil.onFrame("data", () => {
    signed++;
    return { ok: true };
  });
  const flood = async (from: number) => {
    for (let seq = from; seq < from + 10; seq++) {
      const txs = [tx(seq)];
      evil.send("v1", "data", encodeBatch(BATCH_FRAME, { header: headerOf(lanes, 0, seq, txs), txs }));
    }
    await lanes.clock.advanceAsync(50);
  };
  await flood(0);
  expect(signed).toBe(7);
  lanes.chain.height += 64;
  await flood(10);
  expect(signed).toBe(14);
});

it("a restart never reuses a number for another id and loses no batch that was synced", async () => {
  const lanes = four();
  await lanes.clock.advanceAsync(100);
  lanes.net.partition([["v0"], ["v1", "v2", "v3"]]);
  lanes.nodes[0]!.source.add(tx(1));
  await lanes.clock.advanceAsync(100);
  await lanes.restart(0);
  lanes.nodes[0]!.source.add(tx(2));
  await lanes.clock.advanceAsync(100);
  lanes.net.heal();
  await lanes.clock.advanceAsync(20_000);
  const certs = lanes.nodes[1]!.lane.available(10);
  expect(certs).toHaveLength(2);
  expect(new Set(certs.map((c) => c.header.seq)).size).toBe(2);
  const txs = await Promise.all(certs.map((c) => lanes.nodes[1]!.lane.read(c, never)));
  expect(txs.flatMap((x) => x.txs).map((t) => t[4])).toEqual(expect.arrayContaining([1, 2]));
});

it("a batch that was sent but not synced leaves its number unused", async () => {
  const lanes = four();
  await lanes.clock.advanceAsync(100);
  lanes.nodes[0]!.source.add(tx(1));
  await lanes.clock.advanceAsync(100);
  lanes.nodes[0]!.log.holdSync();
  lanes.nodes[0]!.source.add(tx(2)); // reaches the others, who sign; its own record is lost
  await lanes.clock.advanceAsync(12 + 20);
  const before = lanes.nodes[0]!.log;
  expect(before.unsynced()).toBeGreaterThan(0);
  await lanes.restart(0);
  lanes.nodes[0]!.source.add(tx(3));
  await lanes.clock.advanceAsync(100);
  const seqs = lanes.nodes[1]!.lane.available(10).map((c) => c.header.seq);
  expect(seqs).toContain(0);
  expect(Math.max(...seqs)).toBeGreaterThanOrEqual(1024);
  expect(lanes.net.verdicts).toEqual([]);
});

it("one batch ahead: goes on after a crash that lost the records of the newest batch's certificate and inclusion", async () => {
  const lanes = createTestLanes([5n], { batchDelayMs: 0, aheadMs: Number.POSITIVE_INFINITY });
  const first = lanes.start(0);
  first.source.add(tx(1));
  for (let i = 0; i < 10; i++) await settle();
  const [cert] = first.lane.available(1);
  expect(cert).toBeDefined();
  first.lane.included([cert!], 11); // not synced
  const { lane, source, outstanding } = await lanes.restart(0, (again) => again.included([cert!], 11));
  expect(outstanding).toEqual([]);
  source.add(tx(2));
  for (let i = 0; i < 10; i++) await settle();
  const available = lane.available(2);
  expect(available).toHaveLength(1);
  expect((await lane.read(available[0]!, never)).txs).toEqual([tx(2)]);
});

it("hears of an inclusion again without writing it again", async () => {
  const lanes = createTestLanes([5n], { batchDelayMs: 0 });
  const { lane, source, log } = lanes.start(0);
  source.add(tx(1));
  for (let i = 0; i < 10; i++) await settle();
  const certs = lane.available(1);
  lane.included(certs, 11);
  await log.sync();
  lane.included(certs, 11);
  expect(log.unsynced()).toBe(0);
});

it("gives transactions back when a batch cannot be included any more", async () => {
  const lanes = four();
  await lanes.clock.advanceAsync(100);
  lanes.net.partition([["v0"], ["v1", "v2", "v3"]]);
  lanes.nodes[0]!.source.add(tx(1));
  await lanes.clock.advanceAsync(100);
  lanes.chain.height += 1024;
  lanes.nodes[0]!.lane.included([], lanes.chain.height);
  expect(lanes.nodes[0]!.source.given).toEqual([tx(1)]);
  await lanes.clock.advanceAsync(100);
  expect(lanes.clock.pending()).toBe(0);
  await lanes.nodes[0]!.log.sync();
  const again = await lanes.restart(0);
  expect(again.source.given).toEqual([]);
});

it("gives transactions back when the epoch after the next begins", async () => {
  const lanes = four();
  await lanes.clock.advanceAsync(100);
  lanes.net.partition([["v0"], ["v1", "v2", "v3"]]);
  lanes.nodes[0]!.source.add(tx(1));
  await lanes.clock.advanceAsync(100);
  lanes.chain.epoch = 1;
  lanes.nodes[0]!.lane.included([], 11);
  expect(lanes.nodes[0]!.source.given).toEqual([]);
  lanes.chain.epoch = 2;
  lanes.nodes[0]!.lane.included([], 12);
  expect(lanes.nodes[0]!.source.given).toEqual([tx(1)]);
});

it("offers only includable certificates, and none twice", async () => {
  const lanes = four();
  lanes.nodes[0]!.source.add(tx(1));
  await lanes.clock.advanceAsync(100);
  const { lane } = lanes.nodes[2]!;
  const [cert] = lane.available(1) as [AvailabilityCert];
  const height = lanes.chain.height;
  lanes.chain.height = height - 1; // refHeight = h is not below h
  expect(lane.available(1)).toEqual([]);
  lanes.chain.height = height + 1023;
  expect(lane.available(1)).toHaveLength(1);
  lanes.chain.height = height + 1024;
  expect(lane.available(1)).toEqual([]);
  lanes.chain.height = height;
  lane.included([cert], height + 1);
  expect(lane.available(1)).toEqual([]);
  lanes.nodes[0]!.network.send("v2", "data", encodeCert(cert));
  await lanes.clock.advanceAsync(50);
  expect(lane.available(1)).toEqual([]);
  expect((await lane.read(cert, never)).txs).toEqual([tx(1)]);
});

it("disconnects who sends a certificate that does not verify", async () => {
  const lanes = four();
  const header = headerOf(lanes, 1, 3, [tx(1)]);
  const certificate = { bitmap: Uint8Array.of(0b0111), signature: new Uint8Array(96) };
  lanes.nodes[1]!.network.send("v2", "data", encodeCert({ kind: "batch", header, certificate }));
  await lanes.clock.advanceAsync(50);
  expect(lanes.net.verdicts).toEqual([{ at: "v2", from: "v1", code: "DA_CERT_INVALID", action: "disconnect" }]);
});

it("keeps payload for the retention and drops it afterwards, with its numbers never signed again", async () => {
  const lanes = createTestLanes([1n], { retention: 1024 });
  let node = lanes.start(0);
  const certs: AvailabilityCert[] = [];
  for (let i = 0; i < 3; i++) {
    node.source.add(tx(i));
    for (let k = 0; k < 20; k++) await settle();
    certs.push(...node.lane.available(5));
    lanes.chain.height += 1024;
    lanes.chain.height -= lanes.chain.height % 64;
    node.lane.included(node.lane.available(5), lanes.chain.height);
  }
  await settle();
  expect((await node.lane.read(certs[1]!, never)).txs).toEqual([tx(1)]);
  expect([...node.log.replay()].map(([at]) => at)[0]).toBeGreaterThan(0);
  await node.log.sync();
  node = await lanes.restart(0);
  node.source.add(tx(9));
  for (let k = 0; k < 20; k++) await settle();
  const seqs = node.lane.available(5).map((c) => c.header.seq);
  expect(Math.min(...seqs)).toBeGreaterThanOrEqual(1024);
});

it("a batch held under an older header stays for a younger certificate of the same bytes, when nobody else can be asked for it", async () => {
  const lanes = four({ retention: 1024 });
  await lanes.clock.advanceAsync(100);
  const publish = async () => {
    lanes.nodes[0]!.source.add(tx(1));
    await lanes.clock.advanceAsync(200);
    return lanes.nodes[0]!.lane.available(1)[0]!;
  };
  const older = await publish();
  for (const { lane } of lanes.nodes) lane.included([older], lanes.chain.height);
  lanes.chain.height += 1000;
  lanes.net.partition([["v0", "v1", "v2"], ["v3"]]);
  const younger = await publish();
  expect([younger.header.id, younger.header.seq === older.header.seq]).toEqual([older.header.id, false]);
  lanes.net.heal();
  lanes.nodes[1]!.network.send("v3", "data", encodeCert(younger)); // v3 holds the bytes: it asks nobody for them
  await lanes.clock.advanceAsync(50);
  lanes.net.partition([]);
  lanes.chain.height = 64 * 33; // behind the life of the older header, inside that of the younger
  lanes.nodes[3]!.lane.included([younger], lanes.chain.height);
  await lanes.clock.advanceAsync(50);
  for (const from of ["memory", "disk"]) {
    if (from === "disk") await lanes.restart(3);
    const reading = lanes.nodes[3]!.lane.read(younger, never);
    await lanes.clock.advanceAsync(50);
    expect((await Promise.race([reading, settle()]))?.txs, `from ${from}`).toEqual([tx(1)]);
  }
});

it("names what it signs by the header's root", () => {
  const header = { epoch: 0, publisher: 0, seq: 1, refHeight: 2, bytes: 3, gasLimitSum: 4n, expiry: 0, id: new Uint8Array(32) };
  expect(availabilityBody(header)).toEqual(concatBytes(new Uint8Array(8), availabilityHeaderHash(header)));
});

it("tells the others' pools what stands in a certified batch, and after a restart the own pool too", async () => {
  const lanes = four();
  await lanes.clock.advanceAsync(100);
  lanes.nodes[0]!.source.add(tx(1), tx(2));
  await lanes.clock.advanceAsync(100);
  expect(lanes.nodes.map((node) => node.outstanding)).toEqual([[], [tx(1), tx(2)], [tx(1), tx(2)], [tx(1), tx(2)]]);
  for (const node of lanes.nodes) await node.log.sync();
  const certified = await lanes.restart(0);
  expect(certified.outstanding).toEqual([tx(1), tx(2)]);
  certified.lane.included(certified.lane.available(1), 11);
  await certified.log.sync();
  expect((await lanes.restart(0)).outstanding).toEqual([]);
});

it("offers the publishers' certificates in turns: one that floods does not hold up the others", async () => {
  const lanes = four();
  await lanes.clock.advanceAsync(100);
  for (let i = 0; i < 20; i++) {
    lanes.nodes[0]!.source.add(tx(i));
    await lanes.clock.advanceAsync(50);
  }
  lanes.nodes[1]!.source.add(tx(100));
  await lanes.clock.advanceAsync(100);
  const publishers = (limit: number) => lanes.nodes[2]!.lane.available(limit).map((cert) => [cert.header.publisher, cert.header.seq]);
  expect(publishers(3)).toEqual([
    [0, 0],
    [1, 0],
    [0, 1],
  ]);
  expect(publishers(100)).toHaveLength(21);
});

it("verifies no more of a list of certificates after the first forged one", async () => {
  const lanes = createTestLanes(EQUAL);
  const evil = lanes.net.join("v0", lanes.signers[0]!.publicKey);
  const forged = (seq: number): AvailabilityCert => ({
    kind: "batch",
    header: headerOf(lanes, 0, seq, [tx(seq)]),
    certificate: { bitmap: Uint8Array.of(7), signature: new Uint8Array(96) },
  });
  let asked = 0;
  evil.serve("data/certs", async function* () {
    asked++;
    yield encodeCerts(Array.from({ length: 100 }, (_, seq) => forged(seq)));
  });
  const verify = lanes.scheme.verify;
  let verified = 0;
  lanes.scheme.verify = (...args) => {
    verified++;
    return verify(...args);
  };
  lanes.start(1);
  await lanes.clock.advanceAsync(100);
  expect(asked).toBeGreaterThan(0);
  expect(verified).toBe(asked);
});
