import type { CertificateScheme } from "@noema/core/ports/signing";
import { createKeyedValidators } from "@noema/core/testing/keyed-scheme";
import { expect, it } from "vitest";
import type { Cert } from "../types.ts";
import { createChecks } from "./checks.ts";

const { set } = createKeyedValidators([1n, 1n, 1n, 1n]);

function setUp(isGood: (view: number) => boolean) {
  const verified: number[] = [];
  const scheme: Pick<CertificateScheme, "verify"> = {
    async verify(_set, _kind, body) {
      const view = body[8] as number;
      verified.push(view);
      return isGood(view);
    },
  };
  const checks = createChecks(scheme as CertificateScheme, (epoch) => (epoch === 0 ? set : undefined));
  return { checks, verified };
}

const certOf = (view: number, epoch = 0): Cert => ({
  kind: "nullify",
  epoch,
  view,
  bitmap: new Uint8Array(1),
  signature: new Uint8Array(96),
});

it("certificates of one message are verified up to the first bad one", async () => {
  const { checks, verified } = setUp((view) => view !== 3);
  expect(await checks.certs([1, 2, 3, 4, 5].map((view) => certOf(view)))).toEqual([true, true, false, false, false]);
  expect(verified).toEqual([1, 2, 3]);
});

it("many good ones leave the event loop its turns", async () => {
  const { checks, verified } = setUp(() => true);
  let turns = 0;
  const count = () => {
    turns++;
    if (verified.length < 20) setImmediate(count);
  };
  setImmediate(count);
  expect(await checks.certs(Array.from({ length: 20 }, (_, i) => certOf(i + 1)))).toEqual(Array(20).fill(true));
  expect(turns).toBeGreaterThan(15);
});

it("one of an epoch whose validators are not known is not good", async () => {
  const { checks, verified } = setUp(() => true);
  expect(await checks.certs([certOf(1, 7)])).toEqual([false]);
  expect(verified).toEqual([]);
});
