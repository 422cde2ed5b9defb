import { isNoemaError } from "@noema/core/errors";
import fc from "fast-check";
import { expect, it } from "vitest";
import { OBJECT_VERSION } from "../blob/object.ts";
import { testMeta } from "../testing/blob.ts";
import type { ObjectFacts } from "./certified.ts";
import { MAX_FACTS_BYTES, parseFacts, renderFacts } from "./facts.ts";

const fill = (n: number, value: number) => new Uint8Array(n).fill(value);
const header = { epoch: 1, publisher: 2, seq: 3, refHeight: 4, bytes: 5, gasLimitSum: 0n, expiry: 6, id: fill(32, 7) };
const facts: ObjectFacts = {
  meta: testMeta(100, { version: OBJECT_VERSION }),
  rowsRoot: fill(32, 1),
  commitments: [fill(48, 2)],
  cert: { kind: "blob", header, certificate: { bitmap: fill(1, 3), signature: fill(96, 4) } },
  height: 9,
  holders: [0, 1, 1],
};
const through = (value: ObjectFacts) => parseFacts(JSON.parse(JSON.stringify(renderFacts(value))));

it("are read as they were written, with and without a certificate", () => {
  expect(through(facts)).toMatchObject({ ...facts, cert: { kind: "blob", header } });
  expect(through({ ...facts, cert: undefined, height: undefined, holders: undefined }).cert).toBeUndefined();
  const largest = { ...facts, commitments: new Array(128).fill(fill(48, 2)), holders: new Array(4096).fill(199) };
  expect(JSON.stringify(renderFacts(largest)).length).toBeLessThan(MAX_FACTS_BYTES);
});

it("anything else is refused with a typed error", () => {
  const good = renderFacts(facts);
  const broken = fc.oneof(
    fc.jsonValue(),
    fc.tuple(fc.constantFrom(...Object.keys(good)), fc.jsonValue()).map(([key, value]) => ({ ...good, [key]: value })),
    fc.tuple(fc.constantFrom(...Object.keys(facts.meta)), fc.jsonValue()).map(([key, value]) => ({
      ...good,
      meta: { ...(good.meta as object), [key]: value },
    })),
  );
  fc.assert(
    fc.property(broken, (json) => {
      try {
        parseFacts(json);
      } catch (error) {
        if (!isNoemaError(error, "DA_FRAME_INVALID")) throw error;
      }
    }),
    { numRuns: 500 },
  );
  for (const json of [{ ...good, more: 1 }, { ...good, commitments: [] }, { ...good, rowsRoot: "0x00" }, { ...good, height: -1 }, null])
    expect(() => parseFacts(json)).toThrow(expect.objectContaining({ code: "DA_FRAME_INVALID" }));
});
