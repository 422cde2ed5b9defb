/** NoemaHead under the library's EVM, with certificates that our own BLS makes: what it takes, and everything that it must not. */
import * as blst from "@chainsafe/blst";
import { to0x, utf8 } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Certificate } from "@noema/core/ports/signing";
import { availabilityBody } from "@noema/core/types/availability";
import { beforeEach, expect, it } from "vitest";
import { l1Certificate, l1Members } from "./l1-forms.ts";
import { type Contract, createChain } from "./testing/chain.ts";
import { certify, createKeyed, finalizeBody, GENESIS_HASH, type Header, headerAt, type Keyed } from "./testing/validators.ts";

const four = createKeyed([1n, 1n, 1n, 1n]);
const others = createKeyed([5n, 1n, 1n], "others");
const forL1 = (certificate: Certificate) => {
  const { bitmap, signature } = l1Certificate(certificate);
  return { bitmap: to0x(bitmap), signature: to0x(signature) };
};
let head: Contract;

beforeEach(async () => {
  head = await (await createChain()).deploy("NoemaHead", to0x(GENESIS_HASH), to0x(four.set.hash));
  await head.call("registerSet", to0x(l1Members(four.set)));
});

it.each([1, 8, 9, 32, 33])("a set of %i has the hash that core makes of it", async (n) => {
  const { set } = createKeyed(
    Array.from({ length: n }, (_, i) => 2n ** 64n - 1n - BigInt(i)),
    `set of ${n}`,
  );
  expect((await head.call("registerSet", to0x(l1Members(set)))).value).toBe(to0x(set.hash));
});

type Update = Partial<Header> & { signers?: number[]; by?: Keyed; view?: number };
/** Sends a header whose certificate is good, but for what `other` says. */
function update(height: number, { signers = [0, 1, 3], by = four, view = height + 3, ...fields }: Update = {}) {
  const { ssz, hash, header } = headerAt(height, by.set, fields);
  const certificate = certify(by, signers, "finalize", finalizeBody(header.epoch, view, hash));
  return head.call("update", to0x(ssz), BigInt(view), forL1(certificate));
}

it("a final header's roots are known from then on", async () => {
  await update(10);
  const { exec } = headerAt(10, four.set).header;
  expect((await head.call("stateRootOf", 7n)).value).toBe(to0x(exec.stateRoot as Bytes));
  expect((await head.call("receiptsRootOf", 7n)).value).toBe(to0x(exec.receiptsRoot as Bytes));
  expect((await head.call("provenHeight")).value).toBe(7n);
});

it("a boundary block that was proposed again is final in another view than its header's", async () => {
  await update(10, { view: 99 });
  expect((await head.call("height")).value).toBe(10n);
});

it("the same height, or a lower one", async () => {
  await update(10);
  await expect(update(10)).rejects.toThrow("HeightNotNewer(10, 10)");
  await expect(update(9)).rejects.toThrow("HeightNotNewer(9, 10)");
});

it("two thirds of stake, or less", async () => {
  const thirds = createKeyed([1n, 1n, 1n], "thirds");
  head = await (await createChain()).deploy("NoemaHead", to0x(GENESIS_HASH), to0x(thirds.set.hash));
  await head.call("registerSet", to0x(l1Members(thirds.set)));
  await expect(update(10, { by: thirds, signers: [0, 2] })).rejects.toThrow("QuorumMissing(2, 3)");
  await update(10, { by: thirds, signers: [0, 1, 2] });
});

it("weights count, not heads", async () => {
  head = await (await createChain()).deploy("NoemaHead", to0x(GENESIS_HASH), to0x(others.set.hash));
  await head.call("registerSet", to0x(l1Members(others.set)));
  const heavy = others.set.members.findIndex((x) => x.weight === 5n);
  const light = [0, 1, 2].filter((i) => i !== heavy);
  await expect(update(10, { by: others, signers: light })).rejects.toThrow("QuorumMissing(2, 7)");
  await update(10, { by: others, signers: [heavy] });
});

it("another chain's certificate, another kind's, another block's, another view's, another epoch's", async () => {
  const { ssz, hash } = headerAt(10, four.set);
  const body = finalizeBody(0, 13, hash);
  const send = (certificate: Certificate, view = 13n) => head.call("update", to0x(ssz), view, forL1(certificate));
  const signers = [0, 1, 2];
  await expect(send(certify(four, signers, "finalize", body, sha256(utf8("another"))))).rejects.toThrow("SignatureWrong()");
  await expect(send(certify(four, signers, "notarize", body))).rejects.toThrow("SignatureWrong()");
  await expect(send(certify(four, signers, "finalize", finalizeBody(0, 13, sha256(utf8("x")))))).rejects.toThrow("SignatureWrong()");
  await expect(send(certify(four, signers, "finalize", finalizeBody(1, 13, hash)))).rejects.toThrow("SignatureWrong()");
  await expect(send(certify(four, signers, "finalize", body), 14n)).rejects.toThrow("SignatureWrong()");
  await send(certify(four, signers, "finalize", body));
});

it("a bitmap that names others than who signed, of another length, or beyond the set", async () => {
  const { ssz, hash } = headerAt(10, four.set);
  const good = forL1(certify(four, [0, 1, 2], "finalize", finalizeBody(0, 13, hash)));
  const send = (bitmap: string) => head.call("update", to0x(ssz), 13n, { ...good, bitmap });
  await expect(send("0x0b")).rejects.toThrow("SignatureWrong()");
  await expect(send("0x0f")).rejects.toThrow("SignatureWrong()");
  await expect(send("0x17")).rejects.toThrow("BitmapMalformed()");
  await expect(send("0x0700")).rejects.toThrow("BitmapMalformed()");
  await expect(send("0x")).rejects.toThrow("BitmapMalformed()");
  await send("0x07");
});

it("a signature that is no point, none of the subgroup, or at infinity", async () => {
  const { ssz, hash } = headerAt(10, four.set);
  const good = forL1(certify(four, [0, 1, 2], "finalize", finalizeBody(0, 13, hash)));
  const send = (signature: string) => head.call("update", to0x(ssz), 13n, { ...good, signature });
  await expect(send(`${good.signature.slice(0, -2)}00`)).rejects.toThrow("PrecompileFailed(15)");
  await expect(send(outsideG2())).rejects.toThrow("PrecompileFailed(15)");
  await expect(send(`0x${"00".repeat(256)}`)).rejects.toThrow("SignatureWrong()");
  await expect(send(good.signature.slice(0, -2))).rejects.toThrow("PrecompileFailed(15)");
});

it("a header that is not 602 bytes", async () => {
  const { ssz, hash } = headerAt(10, four.set);
  const good = forL1(certify(four, [0, 1, 2], "finalize", finalizeBody(0, 13, hash)));
  await expect(head.call("update", to0x(ssz.subarray(1)), 13n, good)).rejects.toThrow("HeaderLength(601)");
});

it("sets follow one another: the next one's headers come after one that names it, in order, and no other set's", async () => {
  const next = { nextValidatorSetHash: others.set.hash };
  await expect(update(70, { by: others, epoch: 1, signers: [0, 1, 2] })).rejects.toThrow("SetDiffers");
  await update(10, next);
  await expect(update(200, { epoch: 2, by: others, signers: [0, 1, 2] })).rejects.toThrow("EpochUnreachable(2, 0)");
  await expect(update(70, { epoch: 1 })).rejects.toThrow("SetDiffers");
  await expect(update(70, { epoch: 1, by: others, signers: [0, 1, 2] })).rejects.toThrow("SetUnknown");
  await head.call("registerSet", to0x(l1Members(others.set)));
  await update(70, { epoch: 1, by: others, signers: [0, 1, 2] });
  await expect(update(80, { epoch: 0 })).rejects.toThrow("EpochUnreachable(0, 1)");
});

it("epochs may be passed over while the set stays", async () => {
  await update(10);
  await update(640, { epoch: 10 });
  expect((await head.call("epoch")).value).toBe(10n);
});

it("a set with a changed weight, key or address is another set", async () => {
  const members = l1Members(four.set);
  for (const at of [103, 104, 123]) {
    const changed = Uint8Array.from(members);
    changed[at] = (changed[at] as number) ^ 1;
    const { value } = await head.call("registerSet", to0x(changed));
    expect(value).not.toBe(to0x(four.set.hash));
  }
  const offCurve = Uint8Array.from(members);
  offCurve[95] = (offCurve[95] as number) ^ 1;
  await expect(head.call("registerSet", to0x(offCurve))).rejects.toThrow("PrecompileFailed(11)");
  await expect(head.call("registerSet", to0x(members.subarray(1)))).rejects.toThrow("SetMalformed(495)");
  await expect(head.call("registerSet", "0x")).rejects.toThrow("SetMalformed(0)");
});

it("a blob's certificate is one, and no batch's nor a changed header's", async () => {
  const header = { epoch: 0, publisher: 2, seq: 9, refHeight: 185, bytes: 4096, gasLimitSum: 0n, expiry: 9000, id: sha256(utf8("blob")) };
  const told = { ...header, size: 4096n, epoch: 0n, publisher: 2n, seq: 9n, refHeight: 185n, expiry: 9000n, id: to0x(header.id) };
  const body = availabilityBody(header);
  const good = forL1(certify(four, [1, 2, 3], "blob", body));
  await head.call("checkDaCertificate", told, good);
  await expect(head.call("checkDaCertificate", { ...told, size: 4097n }, good)).rejects.toThrow("SignatureWrong()");
  const batch = forL1(certify(four, [1, 2, 3], "batch", body));
  await expect(head.call("checkDaCertificate", told, batch)).rejects.toThrow("SignatureWrong()");
  await expect(head.call("checkDaCertificate", told, forL1(certify(four, [1, 2], "blob", body)))).rejects.toThrow("QuorumMissing");
});

/** On the curve over Fp2, outside the subgroup: the first x = 1, 2 .. that has a y; a random point is inside once in 2^125. */
function outsideG2(): string {
  for (let x = 1; ; x++) {
    const compressed = new Uint8Array(96);
    compressed[0] = 0x80;
    compressed[95] = x;
    try {
      const point = Buffer.from(blst.Signature.fromBytes(compressed, false).toBytes(false));
      const [xi, xr, yi, yr] = [0, 1, 2, 3].map((i) => `${"00".repeat(16)}${point.subarray(48 * i, 48 * i + 48).toString("hex")}`);
      return `0x${xr}${xi}${yr}${yi}`;
    } catch {}
  }
}
