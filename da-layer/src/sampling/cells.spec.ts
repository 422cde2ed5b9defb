/** Cells on the real set-up: outside vectors for each implementation, the same cells and verdicts by all, and whole runs of a client. */
import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { beforeAll, describe, expect, it } from "vitest";
import { systematicCombination } from "../blob/code-points.ts";
import { packPayload, ROW_PAYLOAD } from "../blob/elements.ts";
import type { CellsOfRow, Kzg } from "../blob/kzg.ts";
import { loadKzg } from "../blob/load-kzg.ts";
import { importPoint, loadMsm, multiScalar } from "../blob/msm.ts";
import { testPayload } from "../testing/blob.ts";
import { createKnownTauKzg } from "../testing/known-tau-kzg.ts";
import { cellCases } from "../testing/kzg-vectors.ts";
import { createSampledObject, type SampledObject } from "../testing/sampled-object.ts";
import { checkCellPlaces } from "./cells.ts";
import { sampleObject } from "./client.ts";
import { createNobleCrypto } from "./noble-crypto.ts";

const loaded: Kzg[] = [await loadKzg("eth-kzg")];
try {
  loaded.push(await loadKzg("c-kzg"));
} catch {
  process.stderr.write("c-kzg did not compile here: only eth-kzg is checked\n");
}
const noble = createNobleCrypto(new Uint8Array(32));
const verifiers = [...loaded, { name: "noble", verifyCells: noble.verifyCells }];
const [row] = packPayload(testPayload(ROW_PAYLOAD)) as [Uint8Array];
let commitment: Uint8Array;
let made: CellsOfRow;
let object: SampledObject;

beforeAll(async () => {
  commitment = await loaded[0]!.commit(row);
  made = await loaded[0]!.makeCells(row);
  object = await createSampledObject(loaded[0]!);
});

for (const { name, verifyCells } of verifiers)
  describe(name, () => {
    it.each(cellCases("verify_cell_kzg_proof_batch"))("$name", async ({ input, indices, output }) => {
      expect(await verifyCells(input.commitments!, indices, input.cells!, input.proofs!)).toBe(output === true);
    });

    it("verifies one cell and several of a row, and nothing that is wrong", async () => {
      const at = (indices: number[]) => indices.map((i) => [made.cells[i]!, made.proofs[i]!] as const);
      const check = (indices: number[], pairs: ReturnType<typeof at>, of = commitment) =>
        verifyCells(
          indices.map(() => of),
          indices,
          pairs.map(([cell]) => cell),
          pairs.map(([, proof]) => proof),
        );
      expect(await check([77], at([77]))).toBe(true);
      expect(await check([0, 63, 64, 127], at([0, 63, 64, 127]))).toBe(true);
      expect(await check([0, 63], at([63, 0]))).toBe(false);
      expect(await check([5], at([6]))).toBe(false);
      expect(await check([5], [[made.cells[5]!, made.proofs[6]!]])).toBe(false);
      expect(await check([5], [[made.cells[5]!, new Uint8Array(48)]])).toBe(false);
      expect(await check([5], [[new Uint8Array(2048).fill(255), made.proofs[5]!]])).toBe(false);
      expect(await check([5], at([5]), object.facts.commitments[1])).toBe(false);
      expect(await check([5], at([5]), new Uint8Array(48).fill(255))).toBe(false);
    });
  });

for (const kzg of loaded)
  it.each(cellCases("compute_cells_and_kzg_proofs"))(`${kzg.name}: $name`, async ({ input, output }) => {
    const got = await kzg.makeCells(input.blob![0]!).catch(() => null);
    if (output === null) return expect(got).toBeNull();
    const [cells, proofs] = output as [Uint8Array[], Uint8Array[]];
    expect(got!.cells.every((cell, i) => Buffer.compare(cell, cells[i]!) === 0)).toBe(true);
    expect(got!.proofs.map((x) => Buffer.from(x).toString("hex"))).toEqual(proofs.map((x) => Buffer.from(x).toString("hex")));
  });

it("cells do not depend on the set-up: the helper with a known secret makes the same, with other proofs", async () => {
  const known = await (await createKnownTauKzg()).makeCells(row);
  expect(known.cells.every((cell, i) => Buffer.compare(cell, made.cells[i]!) === 0)).toBe(true);
  expect(known.proofs[0]).not.toEqual(made.proofs[0]);
});

it("refuses order and bounds by itself: c-kzg's batch takes cells in any order and twice", () => {
  for (const indices of [[1, 0], [1, 1], [128]]) expect(() => checkCellPlaces(0, indices, 8)).toThrow(/cell/);
});

it("combines commitments as mcl does, with infinity and coefficients near p", async () => {
  await loadMsm();
  const infinity = Uint8Array.of(0xc0, ...new Uint8Array(47));
  const points = [...object.facts.commitments, infinity];
  const combine = noble.combiner(points);
  for (const slot of [2, 5, 7]) {
    const scalars = [...systematicCombination(slot, 2), 5n];
    expect(Buffer.compare(combine(scalars), multiScalar(points.map(importPoint), scalars))).toBe(0);
  }
  for (const bad of [new Uint8Array(48), new Uint8Array(47), Uint8Array.of(0xc0, ...new Uint8Array(46), 1)])
    expect(() => noble.combiner([bad])).toThrow(expect.objectContaining({ code: "KEY_INVALID" }));
});

it.each([1, 2, 3])("a client finds everything there (seed %i), and one cell of a row gone where it asks for it", async (seed) => {
  const { certificates } = object.request([]).crypto; // signatures of tests
  const own = { random: createSeededRandom(seed), crypto: { ...noble, certificates }, samples: 12 };
  await expect(sampleObject(object.request([object.source("a")], own))).resolves.toMatchObject({ samples: 12, faults: [] });
  const withheld = object.source("a", (slot, _, good) => (slot < 5 ? good : undefined));
  const again = { ...own, random: createSeededRandom(seed) };
  await expect(sampleObject(object.request([withheld], again))).rejects.toMatchObject({ code: "DA_SAMPLE_MISSING" });
});
