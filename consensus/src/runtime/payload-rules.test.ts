import { toHex, u64le } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { AvailabilityCert, AvailabilityHeader } from "@noema/core/ports/data";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createConsensusOptions } from "../options.ts";
import { certificateKey } from "./certificate-key.ts";
import { orderCerts, type PayloadContext, payloadFault, selectCerts, sumPayload } from "./payload-rules.ts";

const limits = createConsensusOptions({ inclusionWindow: 10, maxPayloadBytes: 1000, maxBlobBytes: 5000, maxGas: 100_000 });
const parentHash = sha256(u64le(1));
const context: PayloadContext = { epoch: 5, height: 100, parentHash, execHeight: 97, included: () => false };

function cert(seq: number, fields: Partial<AvailabilityHeader> = {}, kind: AvailabilityCert["kind"] = "batch"): AvailabilityCert {
  const header = {
    epoch: 5,
    publisher: seq % 4,
    seq,
    refHeight: 95,
    bytes: 10,
    gasLimitSum: 100n,
    expiry: 0,
    id: sha256(u64le(seq)),
    ...fields,
  };
  return { kind, header, certificate: { bitmap: Uint8Array.of(7), signature: new Uint8Array(96) } };
}

test.each<[string, AvailabilityCert]>([
  ["of the epoch before", cert(1, { epoch: 4 })],
  ["at the newest height that it may refer to", cert(1, { refHeight: 99 })],
  ["at the end of its window", cert(1, { refHeight: 90 })],
])("a certificate %s is includable", (_, c) => {
  expect(payloadFault([c], context, limits)).toBeUndefined();
});

test.each<[string, AvailabilityCert[], Partial<PayloadContext>?]>([
  ["of a later epoch", [cert(1, { epoch: 6 })]],
  ["two epochs old", [cert(1, { epoch: 3 })]],
  ["that refers to the block's own height", [cert(1, { refHeight: 100 })]],
  ["older than its window", [cert(1, { refHeight: 89 })]],
  ["that is a seal", [cert(1, {}, "seal")]],
  ["of operations, where genesis does not say dev", [cert(1, {}, "system")]],
  ["that an ancestor includes", [cert(1)], { included: (id) => id === certificateKey(cert(1)) }],
  ["twice in one block", [cert(1), cert(1)]],
  ["above the cap of payload", [cert(1, { bytes: 1001 })]],
  ["above the cap of blobs", [cert(1, { bytes: 5001 }, "blob")]],
  ["above the cap of gas", [cert(1, { gasLimitSum: 100_001n })]],
  ["while execution lags more than 2D", [cert(1)], { execHeight: 93 }],
])("a certificate %s makes the block invalid", (_, certs, change = {}) => {
  expect(payloadFault(certs, { ...context, ...change }, limits)).toBeTypeOf("string");
});

test("operations stand in blocks of a development chain, count as payload, and no leader takes them elsewhere", () => {
  const dev = { ...limits, dev: true };
  const candidates = [cert(2, { bytes: 600 }, "system"), cert(1, { bytes: 600 }), cert(3, { bytes: 300 })];
  const taken = selectCerts(candidates, context, dev);
  expect(taken.map((c) => c.kind).sort()).toEqual(["batch", "system"]);
  expect(payloadFault(taken, context, dev)).toBeUndefined();
  expect(selectCerts(candidates, context, limits).map((c) => c.kind)).toEqual(["batch", "batch"]);
});

test("of two certificates with one publisher and seq the kind decides the order", () => {
  const certs = [cert(1, {}, "system"), cert(1, {}, "blob"), cert(1)];
  expect(orderCerts(parentHash, certs).map((c) => c.kind)).toEqual(["batch", "blob", "system"]);
});

test("payload and blobs have caps of their own", () => {
  const certs = orderCerts(parentHash, [cert(1, { bytes: 1000 }), cert(2, { bytes: 5000 }, "blob")]);
  expect(payloadFault(certs, context, limits)).toBeUndefined();
  expect(sumPayload(certs)).toEqual({ payloadBytes: 1000, blobBytes: 5000, gasLimitSum: 200n });
});

test("the order is by sha256(parentHash ‖ publisher), then seq, whatever the order in which they came", () => {
  const certs = [5, 1, 8, 4, 2, 3].map((seq) => cert(seq));
  const ordered = orderCerts(parentHash, certs);
  const rank = (c: AvailabilityCert) => toHex(sha256(parentHash, u64le(c.header.publisher))) + toHex(u64le(c.header.seq).reverse());
  expect(ordered.map(rank)).toEqual(certs.map(rank).sort());
  expect(payloadFault(ordered, context, limits)).toBeUndefined();
  expect(payloadFault([...ordered].reverse(), context, limits)).toBe("certificates out of order");
});

test("whatever a draft selects is valid", () => {
  const field = fc.record({
    seq: fc.nat(50),
    epoch: fc.integer({ min: 3, max: 6 }),
    refHeight: fc.integer({ min: 85, max: 102 }),
    bytes: fc.nat(600),
    gas: fc.nat(60_000),
  });
  fc.assert(
    fc.property(fc.array(field, { maxLength: 80 }), (fields) => {
      const candidates = fields.map(({ seq, gas, ...rest }) => cert(seq, { ...rest, gasLimitSum: BigInt(gas) }));
      expect(payloadFault(selectCerts(candidates, context, limits), context, limits)).toBeUndefined();
    }),
  );
});
