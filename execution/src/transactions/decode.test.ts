import { createCustomCommon, Hardfork, Mainnet } from "@ethereumjs/common";
import { createTxFromRLP } from "@ethereumjs/tx";
import { bytesToBigInt, concatBytes, equalBytes, to0x } from "@noema/core/bytes";
import { NoemaError } from "@noema/core/errors";
import { keccak256 } from "@noema/core/hash";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rlpDecode } from "../rlp/decode.ts";
import { type RlpItem, rlpEncode } from "../rlp/encode.ts";
import { decodeTransaction } from "./decode.ts";
import { decodeNetworkTransaction } from "./network-form.ts";
import { recoverSender } from "./recover-sender.ts";
import { readSignedForm } from "./signed-form.ts";
import { signTransaction, type TransactionFields } from "./testing/sign-transaction.ts";

const CHAIN = 1337n;
const KEY = new Uint8Array(32).fill(9);
/** It asks that there is a KZG library before it decodes type 3, and calls it only for sidecars. */
const customCrypto = { kzg: {} as never };
const common = createCustomCommon({ chainId: Number(CHAIN) }, Mainnet, { hardfork: Hardfork.Osaka, customCrypto });

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const uint = (bits: number) => fc.oneof(fc.bigInt(0n, 300n), fc.bigInt(0n, 2n ** BigInt(bits) - 1n));
const accessList = fc.array(fc.record({ address: bytes(20), storageKeys: fc.array(bytes(32), { maxLength: 3 }) }), { maxLength: 3 });

function fieldsOf(type: 0 | 1 | 2 | 3 | 4): fc.Arbitrary<TransactionFields> {
  return fc
    .record({
      nonce: uint(63),
      gasLimit: uint(24),
      to: type >= 3 ? bytes(20) : fc.oneof(bytes(20), fc.constant(null)),
      value: uint(256),
      data: fc.uint8Array({ maxLength: 300 }),
      maxFeePerGas: uint(128),
      tip: uint(128),
      accessList,
      maxFeePerBlobGas: uint(64),
      hashes: fc.array(bytes(31), { minLength: 1, maxLength: 6 }),
      authorization: fc.tuple(uint(64), bytes(20), uint(60), fc.bigInt(0n, 1n), uint(250), uint(250)),
      protectedLegacy: fc.boolean(),
    })
    .map(({ tip, hashes, authorization, protectedLegacy, ...rest }) => ({
      ...rest,
      type,
      chainId: type === 0 && !protectedLegacy ? undefined : CHAIN,
      maxPriorityFeePerGas: tip % (rest.maxFeePerGas + 1n),
      blobVersionedHashes: hashes.map((hash) => concatBytes(Uint8Array.of(1), hash)),
      authorizations: [authorization],
    }));
}

describe("decodeTransaction", () => {
  for (const type of [0, 1, 2, 3, 4] as const)
    it(`type ${type}: equals @ethereumjs/tx field by field`, () => {
      fc.assert(
        fc.property(fieldsOf(type), (fields) => {
          const raw = signTransaction(fields, KEY);
          const ours = decodeTransaction(raw);
          // biome-ignore lint/suspicious/noExplicitAny: the union of five classes, compared by name
          const theirs = createTxFromRLP(raw, { common }) as any;
          expect(to0x(ours.hash)).toBe(to0x(theirs.hash()));
          expect(to0x(keccak256(readSignedForm(ours.raw).signed))).toBe(to0x(theirs.getHashedMessageToSign()));
          for (const name of ["nonce", "gasLimit", "value", "v", "r", "s"] as const) expect(ours[name], name).toBe(theirs[name]);
          expect(to0x(ours.data)).toBe(to0x(theirs.data));
          expect(ours.to && to0x(ours.to)).toBe(theirs.to && to0x(theirs.to.bytes));
          expect(ours.gasPrice).toBe(type <= 1 ? theirs.gasPrice : undefined);
          expect(ours.maxFeePerGas).toBe(type <= 1 ? theirs.gasPrice : theirs.maxFeePerGas);
          expect(ours.maxPriorityFeePerGas).toBe(type <= 1 ? theirs.gasPrice : theirs.maxPriorityFeePerGas);
          expect(ours.accessList.map((x) => [to0x(x.address), x.storageKeys.map(to0x)])).toEqual(
            (theirs.accessList ?? []).map(([address, keys]: [Uint8Array, Uint8Array[]]) => [to0x(address), keys.map(to0x)]),
          );
          expect(ours.maxFeePerBlobGas).toBe(theirs.maxFeePerBlobGas);
          expect(ours.blobVersionedHashes?.map(to0x)).toEqual(theirs.blobVersionedHashes);
          expect(ours.authorizationList?.map((x) => [x.chainId, to0x(x.address), x.nonce, BigInt(x.yParity), x.r, x.s])).toEqual(
            theirs.authorizationList?.map(([chainId, address, nonce, parity, r, s]: Uint8Array[]) => [
              bytesToBigInt(chainId!),
              to0x(address!),
              bytesToBigInt(nonce!),
              bytesToBigInt(parity!),
              bytesToBigInt(r!),
              bytesToBigInt(s!),
            ]),
          );
        }),
        { numRuns: 25 },
      );
      const raw = signTransaction({ type, chainId: CHAIN, blobVersionedHashes: [new Uint8Array(32).fill(1)], authorizations: [] }, KEY);
      if (type !== 4)
        expect(to0x(recoverSender(decodeTransaction(raw)))).toBe(to0x(createTxFromRLP(raw, { common }).getSenderAddress().bytes));
    });

  it("random and mutated bytes give RLP_INVALID or TX_*, never anything else", () => {
    const seeds = ([0, 1, 2, 3, 4] as const).map((type) =>
      signTransaction({ type, chainId: CHAIN, accessList: [], authorizations: [] }, KEY),
    );
    const mutated = fc
      .tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { minLength: 1, maxLength: 4 }), fc.nat(220))
      .map(([raw, edits, cut]) => {
        const out = raw.slice(0, cut < 20 ? cut : undefined);
        for (const [at, byte] of edits) if (at < out.length) out[at] = byte;
        return out;
      });
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 400 })), (raw) => {
        for (const decode of [decodeTransaction, decodeNetworkTransaction])
          try {
            decode(raw);
          } catch (error) {
            expect(error).toBeInstanceOf(NoemaError);
            expect((error as NoemaError).code).toMatch(/^(TX_|RLP_INVALID$)/);
          }
      }),
      { numRuns: 2000 },
    );
  });

  it("has one encoding: whatever decodes is written back as the same bytes", () => {
    const raw = signTransaction({ type: 2, chainId: CHAIN, data: new Uint8Array(70) }, KEY);
    fc.assert(
      fc.property(fc.nat(raw.length - 2), fc.nat(255), (at, byte) => {
        const changed = raw.slice();
        changed[at + 1] = byte;
        try {
          decodeTransaction(changed);
        } catch {
          return;
        }
        expect(equalBytes(rlpEncode(rlpDecode(changed.subarray(1))), changed.subarray(1))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("refuses high s, a parity that is neither 0 nor 1, and too many bytes", () => {
    const [raw, body] = [signTransaction({ type: 2, chainId: CHAIN }, KEY), (x: Uint8Array) => rlpDecode(x.subarray(1)) as RlpItem[]];
    const fields = body(raw);
    const n = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const high = n - bytesToBigInt(fields[11] as Uint8Array);
    const withField = (at: number, value: Uint8Array) =>
      concatBytes(Uint8Array.of(2), rlpEncode(fields.map((f, i) => (i === at ? value : f))));
    const code = (x: Uint8Array) => {
      try {
        decodeTransaction(x);
        return "ok";
      } catch (error) {
        return (error as NoemaError).code;
      }
    };
    expect(code(withField(11, Buffer.from(high.toString(16), "hex")))).toBe("TX_SIGNATURE_INVALID");
    expect(code(withField(9, Uint8Array.of(2)))).toBe("TX_SIGNATURE_INVALID");
    expect(code(withField(10, new Uint8Array(0)))).toBe("TX_SIGNATURE_INVALID");
    expect(code(withField(5, new Uint8Array(19)))).toBe("TX_FIELD_INVALID");
    expect(code(withField(1, new Uint8Array(9).fill(1)))).toBe("RLP_INVALID");
    expect(code(withField(1, Uint8Array.of(0, 1)))).toBe("RLP_INVALID");
    expect(code(withField(7, new Uint8Array(131_072)))).toBe("TX_TOO_LARGE");
    expect(code(Uint8Array.of(5, 0xc0))).toBe("TX_TYPE_UNSUPPORTED");
    expect(code(raw)).toBe("ok");
  });
});
