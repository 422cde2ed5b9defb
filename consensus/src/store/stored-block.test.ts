/** What the chain store keeps of a block: as committed bytes, there and back, and with damage. */
import { fromHex, toHex } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import { sha256 } from "@noema/core/hash";
import fc from "fast-check";
import { expect, test } from "vitest";
import { blockType } from "../wire/block.ts";
import { toBlock } from "../wire/body.ts";
import { block, cert } from "../wire/testing/samples.ts";
import { encodedBlockOf, hashOf, mixOf, packBlock, unpackBlock } from "./stored-block.ts";
import { packCert, unpackCert } from "./stored-cert.ts";

const GOLDEN_BLOCK =
  "0xdbf3e351e53e4eae7d1e0814ca46e9325fd22e64664dfeced6e330e3072b59a84bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a6386ca0942e913509a9100a80e889158ccc8c0c0c4c04463c0bc24f8dae260e5887d93328f3db9b7718a61225fb967f1d1989df38d160bbc925e3b58529bc11b4628ab014c3a847482e9a350516602808500602500a0b637b01100fba0eee12400d809000e020096dae6302230070303c3297060c09219cc31501ae6385860c20211062e1200b10c0c0c290c0c0c97680cd8199960d10aa5b9a0f44eb85b1b505caea10ca12f1300301f5ca131e00300";
const GOLDEN_CERT =
  "0x0300000000000000110000000000000074000000c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c40b";
const mix = sha256(Uint8Array.of(1));
const stored = packBlock(block, mix);

test("a block, its SSZ, its hash and the mix come back, in less than the SSZ takes", () => {
  const ssz = blockType.serialize(toBlock(block));
  expect(unpackBlock(stored)).toEqual(block);
  expect(Buffer.compare(encodedBlockOf(stored), ssz)).toBe(0);
  expect([hashOf(stored), mixOf(stored)]).toEqual([block.hash, mix]);
  expect(stored.length).toBeLessThan(ssz.length);
});

test("the committed form of a block and of a certificate is read", () => {
  expect(unpackBlock(fromHex(GOLDEN_BLOCK))).toEqual(block);
  expect(toHex(packCert(cert))).toBe(GOLDEN_CERT.slice(2));
  expect(unpackCert(fromHex(GOLDEN_CERT), "finalize", cert.hash as Uint8Array)).toEqual(cert);
});

test("damage is CONSENSUS_STORE_CORRUPT, or another block of at most a block's size", () => {
  fc.assert(
    fc.property(fc.nat(stored.length - 65), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, flip, cut) => {
      const bad = stored.slice(0, cut ? 64 + at : undefined);
      if (!cut) bad[64 + at] = (bad[64 + at] as number) ^ flip;
      try {
        expect(encodedBlockOf(bad).length).toBeLessThanOrEqual(blockType.maxSize as number);
      } catch (error) {
        expect(isNoemaError(error, "CONSENSUS_STORE_CORRUPT")).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});
