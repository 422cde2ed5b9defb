/** Outside vectors of c-kzg-4844 for every implementation of the Kzg interface, and the lane's own claims on the real set-up. */

import { DasContextJs } from "@crate-crypto/node-eth-kzg";
import { describe, expect, it } from "vitest";
import { testMeta, testPayload } from "../testing/blob.ts";
import { KZG_SAMPLE, type KzgFunction, kzgCases } from "../testing/kzg-vectors.ts";
import { evaluateRows, weightsAt } from "./barycentric.ts";
import { systematicCombination } from "./code-points.ts";
import { bytesToElement, elementToBytes, packPayload, ROW_BYTES, ROW_PAYLOAD } from "./elements.ts";
import { encodeBlob } from "./encode.ts";
import { P } from "./field/scalars.ts";
import type { Kzg } from "./kzg.ts";
import { loadKzg } from "./load-kzg.ts";
import { importPoint, loadMsm, multiScalar } from "./msm.ts";
import { combineRows } from "./row-code.ts";
import { checkObject, rowFault } from "./verify.ts";

const loaded: Kzg[] = [await loadKzg("eth-kzg")];
try {
  loaded.push(await loadKzg("c-kzg"));
} catch {
  process.stderr.write("c-kzg did not compile here: only eth-kzg is checked\n");
}

for (const kzg of loaded) {
  describe(kzg.name, () => {
    for (const { name, input, output } of kzgCases("blob_to_kzg_commitment"))
      it(name, async () => {
        const got = await kzg.commit(input.blob!).catch(() => null);
        expect(got && Buffer.from(got).toString("hex")).toBe(output && Buffer.from((output as Uint8Array[])[0]!).toString("hex"));
      });
    for (const { name, input, output } of kzgCases("compute_kzg_proof"))
      it(name, async () => {
        const got = await kzg.prove(input.blob!, input.z!).catch(() => null);
        const want = output as Uint8Array[] | null;
        expect(got && [got.proof, got.y].map((x) => Buffer.from(x).toString("hex"))).toEqual(
          want === null ? null : want.map((x) => Buffer.from(x).toString("hex")),
        );
      });
    for (const { name, input, output } of kzgCases("verify_kzg_proof"))
      it(name, async () => {
        expect(await kzg.verify(input.commitment!, input.z!, input.y!, input.proof!)).toBe(output === true);
      });

    it("verifies a transaction's blobs by their own proofs and by those of their cells, and refuses each that is wrong", async () => {
      const blobs = [1, 2].map((n) => new Uint8Array(131_072).fill(n, 0, 40 * n)); // a constant has the same proof everywhere
      const commitments = await Promise.all(blobs.map((blob) => kzg.commit(blob)));
      const reference = DasContextJs.create({ usePrecomp: false });
      const whole = blobs.map((blob, i) => reference.computeBlobKzgProof(blob, commitments[i]!));
      const cells = blobs.flatMap((blob) => reference.computeCellsAndKzgProofs(blob).proofs);
      for (const proofs of [whole, cells]) {
        expect(await kzg.verifyBlobs(blobs, commitments, proofs)).toBe(true);
        expect(await kzg.verifyBlobs([...blobs].reverse(), commitments, proofs)).toBe(false);
        expect(await kzg.verifyBlobs(blobs, commitments, [...proofs].reverse())).toBe(false);
        expect(await kzg.verifyBlobs(blobs, [commitments[0]!, new Uint8Array(48)], proofs)).toBe(false);
      }
    });

    it("encodes, and the receiver accepts; the combined commitment is the extended row's, byte for byte", async () => {
      const bytes = 2 * ROW_PAYLOAD + 77;
      const blob = await encodeBlob(kzg, testMeta(bytes), testPayload(bytes));
      const checked = await checkObject(kzg, blob.object);
      await loadMsm();
      const points = blob.object.commitments.map(importPoint);
      for (const s of [0, 3, 8]) {
        expect(rowFault(checked, s, blob.rows[s]!, blob.paths[s]!)).toBeUndefined();
        expect(Buffer.compare(multiScalar(points, systematicCombination(s, 3)), await kzg.commit(blob.rows[s]!))).toBe(0);
      }
    });
  });
}

it.each(Object.entries(KZG_SAMPLE))("%s has all cases of the committed sample", (name, count) => {
  expect(kzgCases(name as KzgFunction).filter((x) => !x.name.includes(", "))).toHaveLength(count);
});

it("the evaluation of a row equals the vectors' y", () => {
  for (const { input, output } of kzgCases("compute_kzg_proof")) {
    const z = output && input.blob!.length === 131_072 ? bytesToElement(input.z!) : undefined;
    const weights = z === undefined ? undefined : weightsAt(z);
    if (weights === undefined) continue; // inside the domain, or invalid
    expect(elementToBytes(evaluateRows(weights, [input.blob!])[0]!)).toEqual((output as Uint8Array[])[1]);
  }
});

it("all libraries give the same commitments and openings, byte for byte", async () => {
  const z = elementToBytes(P - 5n);
  for (const row of [packPayload(testPayload(ROW_PAYLOAD))[0]!, new Uint8Array(ROW_BYTES)]) {
    const answers = await Promise.all(
      loaded.map(async (kzg) => {
        const commitment = await kzg.commit(row);
        const { proof, y } = await kzg.prove(row, z);
        return [commitment, proof, y].map((x) => Buffer.from(x).toString("hex"));
      }),
    );
    expect(new Set(answers.map(String)).size).toBe(1);
    expect(answers[0]?.[2]).toBe(Buffer.from(elementToBytes(evaluateRows(weightsAt(P - 5n)!, [row])[0]!)).toString("hex"));
  }
});

it("commitments are linear with coefficients near p, with infinity and with repeated points", async () => {
  const [kzg] = loaded as [Kzg];
  await loadMsm();
  const [row] = (await encodeBlob(kzg, testMeta(50), testPayload(50))).rows as [Uint8Array];
  const zero = new Uint8Array(ROW_BYTES);
  const coefficients = [P - 1n, 5n, 1n, 0n];
  const rows = [row, zero, row, row];
  const points = await Promise.all(rows.map(async (r) => importPoint(await kzg.commit(r))));
  expect(Buffer.compare(multiScalar(points, coefficients), await kzg.commit(combineRows([coefficients], rows)[0]!))).toBe(0);
});
