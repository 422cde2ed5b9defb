/** Operations in the payload lane: batches of a kind of their own, and of development chains alone. */
import { toHex } from "@noema/core/bytes";
import type { AvailabilityHeader } from "@noema/core/ports/data";
import type { PublicKeyHex } from "@noema/core/ports/signing";
import { settle } from "@noema/core/testing/sim-clock";
import { availabilityBody } from "@noema/core/types/availability";
import { publicKeyAt } from "@noema/core/validator-index";
import { expect, it } from "vitest";
import { createTestLanes, type TestLanes, tx } from "../testing/lanes.ts";
import { batchId, encodeBatch, type PayloadKind } from "./batch.ts";
import { decodeSignature, encodeCert, FRAME_OF, SIGNATURE_FRAME } from "./frames.ts";

const EQUAL = [1n, 1n, 1n, 1n];
const never = new AbortController().signal;

async function four(dev = true): Promise<TestLanes> {
  const lanes = createTestLanes(EQUAL, {}, dev);
  for (let i = 0; i < 4; i++) lanes.start(i);
  await lanes.clock.advanceAsync(100);
  return lanes;
}

/** One validator, and a publisher of whom it hears what it is told to say. */
function receiving(dev: boolean) {
  const lanes = createTestLanes(EQUAL, {}, dev);
  lanes.start(1);
  const peer = lanes.net.join("v0", publicKeyAt(lanes.set, 0) as PublicKeyHex);
  const signatures: { headerHash: string; signature: Uint8Array }[] = [];
  peer.onFrame("data", (_from, frame) => {
    const { headerHash, signature } = decodeSignature(frame.slice());
    if (frame[0] === SIGNATURE_FRAME) signatures.push({ headerHash: toHex(headerHash), signature });
    return { ok: true };
  });
  async function send(kind: PayloadKind, items: Uint8Array[], change: Partial<AvailabilityHeader> = {}) {
    const bytes = items.reduce((sum, item) => sum + item.length, 0);
    const gasLimitSum = kind === "batch" ? 21_000n * BigInt(items.length) : 0n;
    const of = { epoch: 0, publisher: 0, seq: 7, refHeight: lanes.chain.height, bytes, gasLimitSum, expiry: 0, id: batchId(items) };
    const header = { ...of, ...change };
    peer.send("v1", "data", encodeBatch(FRAME_OF[kind], { header, txs: items }));
    await lanes.clock.advanceAsync(20);
    return header;
  }
  const verdicts = () => lanes.net.verdicts.map((v) => `${v.code} ${v.action}`);
  return { lanes, send, signatures, verdicts };
}

it("are certified under their own kind, before transactions, and are nobody's outstanding transactions", async () => {
  const lanes = await four();
  const [first] = lanes.nodes;
  first!.source.add(tx(1));
  first!.operations.add(tx(2));
  await lanes.clock.advanceAsync(100);
  for (const { lane, outstanding } of lanes.nodes) {
    const certs = lane.available(10).sort((a, b) => a.header.seq - b.header.seq);
    expect(certs.map((cert) => [cert.kind, cert.header.gasLimitSum])).toEqual([
      ["system", 0n],
      ["batch", 21_000n],
    ]);
    const [cert] = certs;
    expect((await lane.read(cert!, never)).txs).toEqual([tx(2)]);
    const body = availabilityBody(cert!.header);
    expect(await lanes.scheme.verify(lanes.set, "system", body, cert!.certificate)).toBe(true);
    expect(await lanes.scheme.verify(lanes.set, "batch", body, cert!.certificate)).toBe(false);
    expect(outstanding).not.toContainEqual(tx(2));
    lane.included(certs, 11);
    expect(lane.available(10)).toEqual([]);
  }
  expect(lanes.net.verdicts).toEqual([]);
});

it("where genesis does not say dev: not signed, their certificate not taken, and who sent them is put off", async () => {
  const { lanes, send, signatures, verdicts } = receiving(false);
  await send("system", [tx(1)]);
  expect([signatures.length, verdicts()]).toEqual([0, ["DA_BATCH_INVALID disconnect"]]);
  const dev = await four();
  dev.nodes[0]!.operations.add(tx(1));
  await dev.clock.advanceAsync(100);
  const [cert] = dev.nodes[0]!.lane.available(1);
  const public_ = await four(false);
  public_.nodes[0]!.network.send("v1", "data", encodeCert(cert!));
  await public_.clock.advanceAsync(100);
  expect(public_.nodes[1]!.lane.available(1)).toEqual([]);
  expect(public_.net.verdicts.map((v) => v.code)).toEqual(["DA_CERT_INVALID"]);
  void lanes;
});

it("are not signed when one is none, or with gas", async () => {
  for (const [items, change] of [
    [[tx(1), Uint8Array.of(0xff, 1)], {}],
    [[tx(1)], { gasLimitSum: 1n }],
    [[tx(1)], { bytes: 5 }],
    [[], {}],
  ] as const) {
    const { send, signatures, verdicts } = receiving(true);
    await send("system", [...items], change);
    expect([signatures.length, verdicts()]).toEqual([0, ["DA_BATCH_INVALID disconnect"]]);
  }
});

it("one header is signed as a batch or as operations, whichever came first, also after a crash", async () => {
  for (const [kind, other] of [
    ["batch", "system"],
    ["system", "batch"],
  ] as const) {
    const { lanes, send, signatures, verdicts } = receiving(true);
    const gasLimitSum = kind === "batch" ? 21_000n : 0n;
    const header = await send(kind, [tx(1)], { gasLimitSum });
    await send(other, [tx(1)], { gasLimitSum });
    await lanes.restart(1);
    await lanes.clock.advanceAsync(20);
    await send(other, [tx(1)], { gasLimitSum });
    expect(verdicts()).toEqual(["DA_EQUIVOCATION reject", "DA_EQUIVOCATION reject"]);
    await send(kind, [tx(1)], { gasLimitSum });
    expect(signatures).toHaveLength(2);
    const key = lanes.set.members[1]!.publicKey;
    for (const { signature } of signatures) expect(await lanes.scheme.verifyOne(key, kind, availabilityBody(header), signature)).toBe(true);
  }
});

it("go on after a crash as what they were", async () => {
  const lanes = await four();
  lanes.net.partition([["v0"], ["v1", "v2", "v3"]]);
  lanes.nodes[0]!.operations.add(tx(1));
  await lanes.clock.advanceAsync(100);
  const { outstanding } = await lanes.restart(0);
  lanes.net.heal();
  await lanes.clock.advanceAsync(20_000);
  const certs = lanes.nodes[2]!.lane.available(5);
  expect(certs.map((cert) => cert.kind)).toEqual(["system"]);
  expect((await lanes.nodes[2]!.lane.read(certs[0]!, never)).txs).toEqual([tx(1)]);
  expect(outstanding).toEqual([]);
});

it("that no block can include any more are nobody's transactions either", async () => {
  const lanes = await four();
  lanes.nodes[1]!.operations.add(tx(2));
  await lanes.clock.advanceAsync(100);
  lanes.net.partition([["v0"], ["v1", "v2", "v3"]]);
  lanes.nodes[0]!.operations.add(tx(1));
  await lanes.clock.advanceAsync(100);
  lanes.chain.height += 1024;
  for (const { lane, source, operations } of lanes.nodes) {
    lane.included([], lanes.chain.height);
    expect([source.given, operations.given]).toEqual([[], []]);
  }
  const { source, outstanding } = await lanes.restart(0);
  await lanes.clock.advanceAsync(100);
  expect([source.given, outstanding]).toEqual([[], []]);
});

it("that the quota holds back are offered again", async () => {
  const lanes = createTestLanes([1n], { payloadBytesPerBlock: 32 }, true); // 32 x 64 x 2 = 4,096 bytes: one batch
  const { lane, operations } = lanes.start(0);
  for (const n of [1, 2]) {
    operations.add(tx(n));
    for (let i = 0; i < 10; i++) await settle();
  }
  expect([lane.available(5).length, operations.given]).toEqual([1, [tx(2)]]);
});
