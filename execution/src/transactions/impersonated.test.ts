import { concatBytes, equalBytes, fromHex, to0x } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import { packBytes } from "@noema/core/packed";
import { expect, it } from "vitest";
import { rlpEncode, rlpInt } from "../rlp/encode.ts";
import { checkForm } from "../rules/check-transaction.ts";
import { forkOf } from "../rules/forks.ts";
import { createBatchChecker } from "./check-batch.ts";
import { decodeTransaction } from "./decode.ts";
import { identify, identifyByLibrary, identifyHere, readIdentities } from "./identify.ts";
import { encodeImpersonated } from "./impersonated.ts";
import { recoverSender } from "./recover-sender.ts";
import { signTransaction } from "./testing/sign-transaction.ts";

const WHO = fromHex("0x00000000000000000000000000000000000000aa");
const TO = new Uint8Array(20).fill(7);
const CHAIN = 31337n;
const NOTHING = new Uint8Array(0);
const fields = (chain: readonly Uint8Array[], fees: number) => [
  ...chain,
  rlpInt(3),
  ...Array.from({ length: fees }, () => rlpInt(9)),
  rlpInt(21_000),
  TO,
  rlpInt(5),
  NOTHING,
];
const legacy = (chainId = CHAIN) => rlpEncode([...fields([], 1), rlpInt(chainId), NOTHING, NOTHING]);
const typed = (type: number, ...extra: Parameters<typeof rlpEncode>[0][]) =>
  concatBytes(Uint8Array.of(type), rlpEncode([...fields([rlpInt(CHAIN)], type === 1 ? 1 : 2), [], ...extra]));

it("is the transaction that its sender would have signed, of any type, and its hash is that of the whole", () => {
  const payloads = [legacy(), typed(1), typed(2), typed(3, rlpInt(1), [new Uint8Array(32).fill(1)]), typed(4, [])];
  for (const [type, payload] of payloads.entries()) {
    const raw = encodeImpersonated(WHO, payload);
    const tx = decodeTransaction(raw);
    expect(tx).toMatchObject({ type, raw, hash: keccak256(raw), chainId: CHAIN, nonce: 3n, value: 5n, to: TO, impersonated: WHO });
    expect([tx.r, tx.s, tx.v, tx.yParity]).toEqual([0xaan, 0xaan, 0n, 0]);
    expect(recoverSender(tx)).toEqual(WHO);
  }
});

it("is frozen: the bytes", () => {
  expect(to0x(encodeImpersonated(WHO, Uint8Array.of(0x02, 0xc0)))).toBe("0x7fd89400000000000000000000000000000000000000aa8202c0");
});

it("is identified as the others are, by the add-on and without it", async () => {
  const signed = signTransaction({ chainId: CHAIN }, new Uint8Array(32).fill(1));
  const raws = [signed, encodeImpersonated(WHO, typed(2)), encodeImpersonated(new Uint8Array(20), typed(2)), Uint8Array.of(0x7f, 0xc0)];
  const found = readIdentities(identify(packBytes(raws)));
  expect(found).toEqual(readIdentities(identifyByLibrary(packBytes(raws))));
  expect(found).toEqual(await identifyHere(raws));
  expect(found.map((x) => x.sender && equalBytes(x.sender, WHO))).toEqual([false, true, undefined, undefined]);
});

it("what is wrong in it is refused", () => {
  const body = (items: Parameters<typeof rlpEncode>[0]) => concatBytes(Uint8Array.of(0x7f), rlpEncode(items));
  const codeOf = (raw: Uint8Array) => {
    try {
      decodeTransaction(raw);
      return "ok";
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  const good = typed(2);
  expect(codeOf(body([WHO, good]))).toBe("ok");
  expect(codeOf(body([WHO.subarray(1), good]))).toBe("TX_FIELD_INVALID");
  expect(codeOf(body([WHO, encodeImpersonated(WHO, good)]))).toBe("TX_TYPE_UNSUPPORTED"); // in another
  expect(codeOf(body([WHO, signTransaction({ chainId: CHAIN }, new Uint8Array(32).fill(1))]))).toBe("RLP_INVALID"); // signed
  expect(codeOf(body([WHO, rlpEncode(fields([], 1))]))).toBe("RLP_INVALID"); // for every chain
  expect(codeOf(body([WHO, rlpEncode([...fields([], 1), rlpInt(CHAIN), rlpInt(1), NOTHING])]))).toBe("TX_FIELD_INVALID");
  expect(codeOf(body([WHO, good, NOTHING]))).toBe("RLP_INVALID");
  expect(codeOf(concatBytes(body([WHO, good]), Uint8Array.of(0)))).toBe("RLP_INVALID");
  expect(codeOf(Uint8Array.of(0x7f))).toBe("RLP_INVALID");
});

it("is one of a chain for development alone, and of the chain that it names", async () => {
  const fork = forkOf("osaka");
  const raw = encodeImpersonated(WHO, typed(2));
  expect(() => checkForm(decodeTransaction(raw), CHAIN, fork)).toThrow("nobody signed it");
  expect(() => checkForm(decodeTransaction(raw), CHAIN, fork, true)).not.toThrow();
  expect(() => checkForm(decodeTransaction(encodeImpersonated(WHO, legacy(1n))), CHAIN, fork, true)).toThrow("invalid chain id");
  const limits = { chainId: CHAIN, fork, maxTransactions: 10, maxBytes: 10_000, maxGas: 10n ** 7n };
  expect(await createBatchChecker(limits, identifyHere).check([raw])).toMatchObject({
    invalid: expect.stringContaining("TX_TYPE_UNSUPPORTED"),
  });
  expect(await createBatchChecker({ ...limits, dev: true }, identifyHere).check([raw])).toMatchObject({ senders: [WHO], gas: 21_000n });
});
