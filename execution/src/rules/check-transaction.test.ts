import { concatBytes, to0x } from "@noema/core/bytes";
import { NoemaError } from "@noema/core/errors";
import { keccak256, sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { describe, expect, it } from "vitest";
import { rlpDecode } from "../rlp/decode.ts";
import { rlpEncode, rlpInt } from "../rlp/encode.ts";
import { createBatchChecker } from "../transactions/check-batch.ts";
import { decodeTransaction } from "../transactions/decode.ts";
import { type Identify, identifyHere } from "../transactions/identify.ts";
import { createIdentityCache } from "../transactions/identity-cache.ts";
import { decodeNetworkTransaction } from "../transactions/network-form.ts";
import { recoverSender } from "../transactions/recover-sender.ts";
import { signTransaction, type TransactionFields } from "../transactions/testing/sign-transaction.ts";
import { checkTransaction } from "./check-transaction.ts";
import { forkOf } from "./forks.ts";
import { messageGas } from "./intrinsic-gas.ts";

const CHAIN = 1337n;
const KEY = new Uint8Array(32).fill(9);
const osaka = forkOf("osaka");
const SENDER = new Uint8Array(20);
const AUTHORIZATION = [CHAIN, new Uint8Array(20), 0n, 0n, 1n, 1n];

function codeOf(fields: TransactionFields, fork = "osaka"): string {
  try {
    checkTransaction(decodeTransaction(signTransaction({ chainId: CHAIN, ...fields }, KEY)), CHAIN, forkOf(fork));
    return "ok";
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe("checkTransaction", () => {
  it("names each rule", () => {
    expect(codeOf({})).toBe("ok");
    expect(codeOf({ type: 0, chainId: undefined })).toBe("ok");
    expect(codeOf({ chainId: 1n })).toBe("TX_CHAIN_ID");
    expect(codeOf({ nonce: 2n ** 64n - 1n })).toBe("TX_NONCE_MAX");
    expect(codeOf({ maxPriorityFeePerGas: 2n, maxFeePerGas: 1n })).toBe("TX_TIP_ABOVE_FEE_CAP");
    expect(codeOf({ maxFeePerGas: 2n ** 250n })).toBe("TX_FEE_OVERFLOW");
    expect(codeOf({ gasLimit: 20_999n })).toBe("TX_INTRINSIC_GAS_TOO_LOW");
    expect(codeOf({ gasLimit: 2n ** 24n })).toBe("ok");
    expect(codeOf({ gasLimit: 2n ** 24n + 1n })).toBe("TX_GAS_LIMIT_TOO_HIGH");
    expect(codeOf({ gasLimit: 2n ** 24n + 1n }, "prague")).toBe("ok");
    expect(codeOf({ data: new Uint8Array(100).fill(1), gasLimit: 21_000n + 1_600n })).toBe("TX_FLOOR_GAS_TOO_LOW");
    expect(codeOf({ data: new Uint8Array(100).fill(1), gasLimit: 21_000n + 1_600n }, "cancun")).toBe("ok");
    expect(codeOf({ to: null, data: new Uint8Array(49_153), gasLimit: 5_000_000n })).toBe("TX_INITCODE_TOO_LARGE");
    expect(codeOf({ to: null, data: new Uint8Array(49_152), gasLimit: 5_000_000n })).toBe("ok");
    expect(codeOf({ type: 4, to: null, authorizations: [AUTHORIZATION], gasLimit: 100_000n })).toBe("TX_CREATE_NOT_ALLOWED");
    expect(codeOf({ type: 4, authorizations: [], gasLimit: 100_000n })).toBe("TX_AUTHORIZATIONS_EMPTY");
    expect(codeOf({ type: 4, authorizations: [AUTHORIZATION], gasLimit: 46_000n })).toBe("ok");
    expect(codeOf({ type: 4, authorizations: [AUTHORIZATION], gasLimit: 45_999n })).toBe("TX_INTRINSIC_GAS_TOO_LOW");
    expect(codeOf({ type: 4, authorizations: [AUTHORIZATION], gasLimit: 46_000n }, "cancun")).toBe("TX_TYPE_UNSUPPORTED");
    expect(codeOf({ type: 3, blobVersionedHashes: [] })).toBe("TX_BLOBS_INVALID");
    expect(codeOf({ type: 3, blobVersionedHashes: [new Uint8Array(32)] })).toBe("TX_BLOBS_INVALID");
    expect(codeOf({ type: 3, blobVersionedHashes: Array(6).fill(new Uint8Array(32).fill(1)) })).toBe("ok");
    expect(codeOf({ type: 3, blobVersionedHashes: Array(7).fill(new Uint8Array(32).fill(1)) })).toBe("TX_BLOBS_INVALID");
  });

  it("counts intrinsic and floor gas", () => {
    const item = { address: new Uint8Array(20), storageKeys: [new Uint8Array(32), new Uint8Array(32)] };
    const tx = decodeTransaction(signTransaction({ chainId: CHAIN, to: null, data: Uint8Array.of(0, 1, 0, 2), accessList: [item] }, KEY));
    expect(messageGas(tx, osaka).intrinsic).toBe(21_000n + 32_000n + 2n * 4n + 2n * 16n + 2n + 2_400n + 3_800n);
    expect(messageGas(tx, forkOf("london"))).toEqual({ floor: 0n, intrinsic: 21_000n + 32_000n + 2n * 4n + 2n * 16n + 2_400n + 3_800n });
    expect(messageGas(tx, osaka).floor).toBe(21_000n + 10n * (2n + 8n));
  });
});

describe("blob sidecar", () => {
  const commitment = new Uint8Array(48).fill(7);
  const hash = sha256(commitment);
  hash[0] = 1;
  const raw = signTransaction({ type: 3, chainId: CHAIN, blobVersionedHashes: [hash] }, KEY);
  const body = rlpDecode(raw.subarray(1));
  const blob = new Uint8Array(131_072);
  const proof = new Uint8Array(48);
  const wrap = (...parts: (Bytes | Bytes[])[]) => concatBytes(Uint8Array.of(3), rlpEncode([body, ...parts]));

  it("is taken off, in both versions, and the canonical bytes stay", () => {
    for (const [wire, version] of [
      [wrap([blob], [commitment], [proof]), 0],
      [wrap(rlpInt(1), [blob], [commitment], Array(128).fill(proof)), 1],
    ] as const) {
      const { tx, sidecar } = decodeNetworkTransaction(wire);
      expect(tx.raw).toEqual(raw);
      expect(sidecar?.map(({ proofs }) => proofs.length)).toEqual([version === 1 ? 128 : 1]);
    }
    expect(decodeNetworkTransaction(raw).sidecar).toBeUndefined();
  });

  it("must fit the hashes", () => {
    const refused = (wire: Bytes, code: string) => expect(() => decodeNetworkTransaction(wire)).toThrow(expect.objectContaining({ code }));
    refused(wrap([blob], [new Uint8Array(48)], [proof]), "TX_SIDECAR_INVALID");
    refused(wrap([blob, blob], [commitment], [proof]), "TX_SIDECAR_INVALID");
    refused(wrap(rlpInt(1), [blob], [commitment], [proof]), "TX_SIDECAR_INVALID");
    refused(wrap(rlpInt(2), [blob], [commitment], [proof]), "TX_SIDECAR_INVALID");
    refused(wrap([blob.subarray(1)], [commitment], [proof]), "TX_FIELD_INVALID");
    refused(wrap([new Uint8Array(1_310_720)], [commitment], [proof]), "TX_TOO_LARGE");
    refused(concatBytes(wrap([blob], [commitment], [proof]), Uint8Array.of(0)), "RLP_INVALID");
    expect(() => decodeTransaction(wrap([blob], [commitment], [proof]).subarray(0, 131_072))).toThrow(/RLP|TX|announced/);
  });
});

const clock = createSimClock();

describe("batch check", () => {
  const tx = (nonce: bigint, gasLimit = 21_000n) => signTransaction({ chainId: CHAIN, nonce, gasLimit }, KEY);
  const limits = { chainId: CHAIN, fork: osaka, maxTransactions: 4, maxBytes: 1_000, maxGas: 100_000n };

  it("sums gas limits, recovers each sender once, and says what is wrong", async () => {
    let recoveries = 0;
    const identify = createIdentityCache((raws) => {
      recoveries += raws.length;
      return identifyHere(raws);
    }, clock);
    const { check } = createBatchChecker(limits, identify);
    const raws = [tx(0n), tx(1n)];
    const senders = raws.map((raw) => recoverSender(decodeTransaction(raw)));
    for (let i = 0; i < 2; i++) expect(await check(raws)).toEqual({ gas: 42_000n, hashes: raws.map((raw) => keccak256(raw)), senders });
    expect(recoveries).toBe(2);
    const invalid = async (txs: Bytes[], what: RegExp) => expect(((await check(txs)) as { invalid: string }).invalid).toMatch(what);
    await invalid([], /TX_BATCH_INVALID/);
    await invalid([tx(0n), tx(0n)], /TX_BATCH_INVALID.*twice/);
    await invalid([tx(0n), tx(1n, 90_000n)], /TX_BATCH_INVALID.*gas/);
    await invalid(
      [0n, 1n, 2n, 3n, 4n].map((n) => tx(n, 21_000n)),
      /TX_BATCH_INVALID/,
    );
    const blobs = (nonce: bigint, count: number) =>
      signTransaction({ type: 3, chainId: CHAIN, nonce, blobVersionedHashes: Array(count).fill(new Uint8Array(32).fill(1)) }, KEY);
    expect(await check([blobs(0n, 6), blobs(1n, 3)])).toMatchObject({ gas: 42_000n });
    await invalid([blobs(0n, 6), blobs(1n, 4)], /TX_BATCH_INVALID.*10 blobs; the limit is 9/);
    await invalid([tx(0n, 20_000n)], /TX_INTRINSIC_GAS_TOO_LOW/);
    await invalid([tx(0n).subarray(1)], /RLP_INVALID|TX_/);
    await invalid([signTransaction({ chainId: 1n }, KEY)], /TX_CHAIN_ID/);
  });

  it("says which transaction no key signed", async () => {
    const [good, bad] = [tx(0n), tx(1n)];
    const { check } = createBatchChecker(limits, async (raws) =>
      raws.map((raw) => ({ hash: keccak256(raw), sender: raw === bad ? undefined : SENDER })),
    );
    expect(await check([good])).toMatchObject({ gas: 21_000n });
    expect(await check([good, bad])).toEqual({
      invalid: expect.stringContaining(`TX_SIGNATURE_INVALID: invalid sender: no key signed ${to0x(keccak256(bad))}`),
    });
  });

  it("blames no batch for what this node has no room for", async () => {
    const { check } = createBatchChecker(limits, () => Promise.reject(new NoemaError("CRYPTO_BUSY", "too many wait already")));
    await expect(check([tx(0n)])).rejects.toMatchObject({ code: "CRYPTO_BUSY" });
    expect(await check([])).toMatchObject({ invalid: expect.stringMatching(/TX_BATCH_INVALID/) });
  });
});

describe("the cache of identities", () => {
  const [a, b, c] = [0n, 1n, 2n].map((nonce) => signTransaction({ chainId: CHAIN, nonce }, KEY)) as [Bytes, Bytes, Bytes];
  const identityOf = (raw: Bytes) => ({ hash: keccak256(raw), sender: recoverSender(decodeTransaction(raw)) });
  const asked: (readonly Bytes[])[] = [];
  const counting = (answer: Identify): Identify => {
    asked.length = 0;
    return (raws) => {
      asked.push(raws);
      return answer(raws);
    };
  };

  it("asks once for those that it does not know, also while an answer is on its way", async () => {
    const cache = createIdentityCache(counting(identifyHere), clock);
    const all = await Promise.all([cache([a, b]), cache([b, c]), cache([c, a, b.slice()])]);
    expect(asked).toEqual([[a, b], [c]]);
    expect(all).toEqual([[a, b].map(identityOf), [b, c].map(identityOf), [c, a, b].map(identityOf)]);
    expect(await cache([c.slice(), b])).toEqual([c, b].map(identityOf));
    expect(asked).toHaveLength(2);
  });

  it("takes none for another whose end it has", async () => {
    const cache = createIdentityCache(counting(identifyHere), clock);
    const other = a.slice();
    other[12] = (other[12] as number) ^ 1;
    const [first] = await cache([a]);
    const [second] = await cache([other]);
    expect(first).toEqual(identityOf(a));
    expect(second?.hash).toEqual(keccak256(other));
    expect(second?.sender).not.toEqual(first?.sender);
    expect(await cache([a])).toEqual([first]);
    expect(asked).toHaveLength(3);
  });

  it("forgets what was not seen for two of its generations, however few there are", async () => {
    const cache = createIdentityCache(counting(identifyHere), clock);
    await cache([a]);
    clock.advance(30_000);
    await cache([a, b]); // of the older generation now
    clock.advance(29_999);
    await cache([a, b]);
    expect(asked).toEqual([[a], [b]]);
    clock.advance(1);
    expect(await cache([a, b])).toEqual([a, b].map(identityOf));
    expect(asked).toEqual([[a], [b], [a]]);
  });

  it("does not keep a failure, and bounds what it keeps", async () => {
    let first = true;
    const failing = counting(async (raws) => {
      if (!first) return identifyHere(raws);
      first = false;
      throw new Error("worker gone");
    });
    const cache = createIdentityCache(failing, clock, 2);
    await expect(cache([a])).rejects.toThrow("worker gone");
    for (const raw of [a, b, c, c, a]) await cache([raw]);
    expect(asked).toEqual([[a], [a], [b], [c], [a]]);
    const unsigned = createIdentityCache(
      counting(async (raws) => raws.map((raw) => ({ hash: keccak256(raw), sender: undefined }))),
      clock,
    );
    expect([await unsigned([a]), await unsigned([a])].map(([x]) => x?.sender)).toEqual([undefined, undefined]);
    expect(asked).toHaveLength(2);
  });
});
