import type { AvailabilityCert } from "@noema/core/ports/data";
import { expect, test } from "vitest";
import { block as sample } from "../wire/testing/samples.ts";
import { certificateKey } from "./certificate-key.ts";
import { createInclusionIndex } from "./inclusion-index.ts";

const [first] = sample.body.certs;
const id = certificateKey(first as AvailabilityCert);
const at = (height: number, certs = sample.body.certs) => ({
  ...sample,
  header: { ...sample.header, height },
  body: { ...sample.body, certs },
});

test("an id counts as included for exactly K heights after its block", () => {
  const index = createInclusionIndex(10);
  index.add(at(5));
  for (let height = 6; height <= 14; height++) {
    index.add(at(height, []));
    expect(index.lookup(height + 1, [])(id)).toBe(true);
  }
  expect(index.lookup(15, [])(id)).toBe(true);
  index.add(at(15, []));
  expect(index.lookup(16, [])(id)).toBe(false);
});

test("ancestors that are not final yet count too", () => {
  const index = createInclusionIndex(10);
  expect(index.lookup(8, [at(7)])(id)).toBe(true);
  expect(index.lookup(8, [])(id)).toBe(false);
});

test("the same bytes published again are no repeat: a batch whose transactions were skipped comes back", () => {
  const index = createInclusionIndex(10);
  index.add(at(5));
  const cert = first as AvailabilityCert;
  const again = { ...cert, header: { ...cert.header, seq: cert.header.seq + 1 } };
  expect(index.lookup(6, [])(certificateKey(cert))).toBe(true);
  expect(index.lookup(6, [])(certificateKey(again))).toBe(false);
});
