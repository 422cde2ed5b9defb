/** The add-on against the library of the default install; where it cannot be built here, the test says so and passes over. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packBytes } from "@noema/core/packed";
import { identifyByAddOn, identifyByLibrary } from "@noema/execution/transactions/identify";
import { load } from "@noema/execution/transactions/identify-add-on";
import { CURVE_ORDER } from "@noema/execution/transactions/signature";
import { signTransaction } from "@noema/execution/transactions/testing/sign-transaction";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { buildAddOn } from "./build.ts";

const folder = mkdtempSync(join(tmpdir(), "noema-native-"));
afterAll(() => rmSync(folder, { recursive: true }));
const addOn = build();

function build() {
  const path = join(folder, "identify.node");
  try {
    buildAddOn(path, process.env.NOEMA_SECP256K1);
  } catch (error) {
    console.log(`the add-on is not built here: ${String(error).split("\n").slice(0, 3).join(" ")}`);
    return undefined;
  }
  return load(path);
}

/** Of secp256k1's field (SEC 2, section 2.4.1). */
const P = 2n ** 256n - 2n ** 32n - 977n;
const EDGES = [
  0n,
  1n,
  2n,
  CURVE_ORDER - 1n,
  CURVE_ORDER,
  CURVE_ORDER + 1n,
  CURVE_ORDER >> 1n,
  (CURVE_ORDER >> 1n) + 1n,
  P - CURVE_ORDER,
  P - 1n,
  P,
];
const words = fc.oneof(fc.constantFrom(...EDGES), fc.bigInt(0n, 2n ** 256n - 1n));
const wordBytes = (x: bigint) => Buffer.from(x.toString(16).padStart(64, "0"), "hex");

const good = fc
  .record({
    type: fc.constantFrom(0, 1, 2, 3, 4),
    key: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    data: fc.uint8Array({ maxLength: 600 }),
  })
  .filter(({ key }) => key.some((x) => x !== 0) && key[0] !== 255)
  .map(({ type, key, data }) => signTransaction({ type: type as 0, chainId: 1337n, data, authorizations: [] }, Uint8Array.from(key)));
/** r, s, or any byte are others. */
const other = fc.tuple(good, words, words, fc.nat(3), fc.nat(), fc.nat(255)).map(([raw, r, s, which, at, byte]) => {
  const out = raw.slice();
  if (which === 0) out.set(wordBytes(r), out.length - 65);
  if (which <= 1) out.set(wordBytes(s), out.length - 32);
  if (which === 2) out[out.length - 67] = byte; // parity, where both words have 32 bytes
  if (which === 3) out[at % out.length] = byte;
  return out;
});

describe.skipIf(addOn === undefined)("the add-on", () => {
  const use = addOn as NonNullable<typeof addOn>;

  it("finds the same hash and sender of whatever bytes, or none", () => {
    let [found, none] = [0, 0];
    const one = fc.oneof(
      { weight: 3, arbitrary: good },
      { weight: 5, arbitrary: other },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
    );
    fc.assert(
      fc.property(fc.array(one, { maxLength: 8 }), (raws) => {
        const expected = identifyByLibrary(packBytes(raws));
        expect(identifyByAddOn(use, packBytes(raws))).toEqual(expected);
        for (let i = 0; i < raws.length; i++) expected.subarray(52 * i + 32, 52 * i + 52).some((x) => x !== 0) ? found++ : none++;
      }),
      { numRuns: 400 },
    );
    expect(Math.min(found, none)).toBeGreaterThan(100);
  });

  it("refuses lists that are none", () => {
    const list = packBytes([Uint8Array.of(1)]);
    const broken = [new Uint8Array(3), Uint8Array.of(255, 255, 255, 255), Uint8Array.of(1, 0, 0, 0, 2, 0, 0, 0, 7), packBytes([])];
    for (const x of broken) expect(() => use.identify(list, list, x)).toThrow(TypeError);
  });
});
