import { ZERO_HASH } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import { expect, it } from "vitest";
import { errors } from "../errors.ts";
import { SKIP, type SkipReason, skippedRoot } from "./skipped.ts";

it("has one number and one code for each reason", () => {
  const reasons: SkipReason[] = Object.values(SKIP);
  expect(reasons.map((r) => r.number)).toEqual(reasons.map((_, i) => i + 1));
  expect(new Set(reasons.map((r) => r.code))).toEqual(new Set(Object.keys(errors).filter((code) => code.startsWith("SKIP_"))));
});

it("hashes transaction hashes and reasons in their order", () => {
  const a = { hash: new Uint8Array(32).fill(1), reason: SKIP.malformed };
  const b = { hash: new Uint8Array(32).fill(2), reason: SKIP.balance };
  expect(skippedRoot([])).toEqual(ZERO_HASH);
  expect(skippedRoot([a, b])).toEqual(sha256(a.hash, Uint8Array.of(1), b.hash, Uint8Array.of(6)));
  expect(skippedRoot([b, a])).not.toEqual(skippedRoot([a, b]));
  expect(skippedRoot([{ ...a, reason: SKIP.fee }])).not.toEqual(skippedRoot([a]));
});
