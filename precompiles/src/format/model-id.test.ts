import { createHash } from "node:crypto";
import { concatBytes, toHex, ZERO_HASH } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import { describe, expect, it } from "vitest";
import { smallModel } from "../testing/small-model.ts";
import { modelIdOf, weightsRoot } from "./model-id.ts";

const sha = (...parts: Uint8Array[]) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};

describe("modelId", () => {
  it("hashes chunks of 4 KiB, the last filled with zeros, the leaves filled to a power of two", () => {
    const weights = Uint8Array.from({ length: 2 * 4096 + 64 }, (_, i) => i & 255);
    const last = new Uint8Array(4096);
    last.set(weights.subarray(8192));
    const leaves = [sha(weights.subarray(0, 4096)), sha(weights.subarray(4096, 8192)), sha(last), ZERO_HASH] as const;
    expect(toHex(weightsRoot(weights))).toBe(toHex(sha(sha(leaves[0], leaves[1]), sha(leaves[2], leaves[3]))));
    expect(toHex(weightsRoot(weights.subarray(0, 4096)))).toBe(toHex(leaves[0]));
    expect(weightsRoot(new Uint8Array(0))).toEqual(ZERO_HASH);
  });

  it("is keccak256(header || weightsRoot), and every bit of the file counts", () => {
    const file = smallModel();
    const headerBytes = new DataView(file.buffer).getUint32(8, true);
    const [header, weights] = [file.subarray(0, headerBytes), file.subarray(headerBytes)];
    expect(toHex(modelIdOf(file))).toBe(toHex(keccak256(concatBytes(header, weightsRoot(weights)))));
    for (const at of [0, 40, headerBytes, file.length - 1]) {
      const other = file.slice();
      other[at]! ^= 1;
      expect(toHex(modelIdOf(other))).not.toBe(toHex(modelIdOf(file)));
    }
  });
});
