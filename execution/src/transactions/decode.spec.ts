import { fromHex, to0x } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import { outsideVectors } from "@noema/core/testing/conformance";
import { describe, expect, it } from "vitest";
import { rlpDecode } from "../rlp/decode.ts";
import { type RlpItem, rlpEncode, rlpInt } from "../rlp/encode.ts";
import { checkTransaction } from "../rules/check-transaction.ts";
import { forkOf } from "../rules/forks.ts";
import { messageGas } from "../rules/intrinsic-gas.ts";
import { decodeTransaction } from "./decode.ts";
import { recoverSender } from "./recover-sender.ts";

/** Cases of the committed sample. */
const SAMPLE = { transactions: 985, ethers: 3226, rlp: 89, invalidRlp: 26 };
const FORKS = { Berlin: "berlin", London: "london", Paris: "paris", Shanghai: "shanghai", Cancun: "cancun" } as const;
type Expected = { exception?: string; hash?: string; sender?: string; intrinsicGas?: string };
type VectorFile = Record<string, { txbytes: string; result: Record<string, Expected> }>;

describe.each(outsideVectors("tx-rlp"))("tx-rlp vectors, $source", ({ source, paths, read }) => {
  const all = (what: keyof typeof SAMPLE, cases: number) => {
    console.log(`${what}, ${source}: ${cases} cases`);
    if (source === "sample") expect(cases).toBe(SAMPLE[what]);
    else expect(cases).toBeGreaterThan(0);
  };

  it("ethereum/tests TransactionTests, Berlin to Cancun", () => {
    let cases = 0;
    for (const file of paths.filter((path) => /^TransactionTests\/.*\.json$/.test(path))) {
      for (const [name, vector] of Object.entries(JSON.parse(read(file)) as VectorFile)) {
        for (const [theirs, fork] of Object.entries(FORKS)) {
          const expected = vector.result[theirs];
          if (expected === undefined) continue;
          cases++;
          expect(judge(vector.txbytes, fork), `${name} ${theirs} ${expected.exception ?? ""}`).toEqual(
            expected.exception === undefined
              ? { hash: expected.hash, sender: expected.sender, intrinsicGas: BigInt(expected.intrinsicGas ?? 0) }
              : "refused",
          );
        }
      }
    }
    all("transactions", cases);
  });

  it("ethers transactions: decoded, hashed and recovered", () => {
    const vectors = JSON.parse(read("ethers/testcases/transactions.json")) as Record<string, string>[];
    let cases = 0;
    for (const vector of vectors) {
      const senders = ["signedLegacy", "signedEip155", "signedBerlin", "signedLondon", "signedCancun"].flatMap((kind) => {
        const hex = vector[kind];
        if (hex === undefined || hex === "") return [];
        const raw = fromHex(hex);
        cases++;
        const tx = decodeTransaction(raw);
        const body = raw.subarray(tx.type === 0 ? 0 : 1);
        expect(to0x(rlpEncode(rlpDecode(body)))).toBe(to0x(body));
        return to0x(recoverSender(tx));
      });
      expect(new Set(senders).size, vector.name).toBe(1);
    }
    all("ethers", cases);
  });

  it("RLP vectors, valid", () => {
    const ours = JSON.parse(read("RLPTests/rlptest.json")) as Record<string, { in: unknown; out: string }>;
    const theirs = JSON.parse(read("ethers/testcases/rlp.json")) as {
      name: string;
      decoded: unknown;
      encoded: string;
    }[];
    let cases = 0;
    for (const [name, { in: value, out }] of Object.entries(ours)) {
      const hex = out.startsWith("0x") ? out : `0x${out}`;
      expect(to0x(rlpEncode(fromText(value))), name).toBe(hex);
      expect(to0x(rlpEncode(rlpDecode(fromHex(hex)))), name).toBe(hex);
      expect(to0x(rlpEncode(rlpDecode(fromHex(hex)))), name).toBe(hex);
      cases++;
    }
    for (const { name, decoded, encoded } of theirs) {
      expect(toTree(rlpDecode(fromHex(encoded))), name).toEqual(decoded);
      expect(to0x(rlpEncode(rlpDecode(fromHex(encoded)))), name).toBe(encoded);
      cases++;
    }
    all("rlp", cases);
  });

  it("RLP vectors, invalid", () => {
    const vectors = JSON.parse(read("RLPTests/invalidRLPTest.json")) as Record<string, { out: string }>;
    for (const [name, { out }] of Object.entries(vectors)) {
      const refused = expect.objectContaining({ code: "RLP_INVALID" });
      expect(() => rlpDecode(fromHex(out)), name).toThrow(refused);
      expect(() => rlpDecode(fromHex(out)), name).toThrow(refused);
    }
    all("invalidRlp", Object.keys(vectors).length);
  });
});

function judge(txbytes: string, fork: string): unknown {
  try {
    const tx = decodeTransaction(fromHex(txbytes));
    checkTransaction(tx, 1n, forkOf(fork));
    return { hash: to0x(tx.hash), sender: to0x(recoverSender(tx)), intrinsicGas: messageGas(tx, forkOf(fork)).intrinsic };
  } catch (error) {
    if (isNoemaError(error)) return "refused";
    throw error;
  }
}

/** Strings are text, or decimal integers after "#". */
function fromText(value: unknown): RlpItem {
  if (Array.isArray(value)) return value.map(fromText);
  if (typeof value === "number") return rlpInt(value);
  const text = value as string;
  return text.startsWith("#") ? rlpInt(BigInt(text.slice(1))) : new TextEncoder().encode(text);
}

function toTree(value: RlpItem): unknown {
  return value instanceof Uint8Array ? to0x(value) : value.map(toTree);
}
