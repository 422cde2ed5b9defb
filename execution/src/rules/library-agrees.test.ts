/** Our table, gas, fees and verdicts against the library's, on random input: both decide the same. */
import { createBlockHeader } from "@ethereumjs/block";
import { equalBytes } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SKIP, type SkipReason } from "../blocks/skipped.ts";
import { EMPTY_ACCOUNT } from "../state/account.ts";
import { delegationTo } from "../state/delegation.ts";
import { createJournal } from "../state/journal.ts";
import { signTransaction } from "../transactions/testing/sign-transaction.ts";
import { baseFeeAfter, blobBaseFee, excessBlobGasAfter, GAS_PER_BLOB, maxBlobGas } from "./fees.ts";
import { FORKS, forkOf } from "./forks.ts";
import { libraryCommon, libraryVerdict } from "./testing/library.ts";
import { fieldsOf, GAS_LIMIT, GWEI, MAX_U256 } from "./testing/random-fields.ts";
import { readCandidate, skipReason } from "./validity.ts";

const CHAIN_ID = 31_337;
const KEY = new Uint8Array(32).fill(7);
const NOTHING = new Uint8Array(0);
const seen = new Set<string>();
const asked = new Set(FORKS.flatMap((name) => [...forkOf(name).eips]));

describe.each(FORKS)("%s", (name) => {
  const fork = forkOf(name);
  const common = libraryCommon(name, CHAIN_ID);
  const header = (data: Record<string, bigint>) => createBlockHeader(data, { common, skipConsensusFormatValidation: true });

  it("brings what the library's fork brings", () => {
    expect([...asked].filter((eip) => common.isActivatedEIP(eip) !== fork.eips.has(eip))).toEqual([]);
    expect(header({}).raw().length).toBe(fork.headerFields);
    expect(fork.maxInitcodeBytes).toBe(common.isActivatedEIP(3860) ? Number(common.param("maxInitCodeSize")) : undefined);
    expect(fork.maxTransactionGas).toBe(common.isActivatedEIP(7825) ? common.param("maxTransactionGasLimit") : undefined);
    expect(BigInt(fork.gas.refundQuotient)).toBe(common.param("maxRefundQuotient"));
    if (fork.blobs === undefined) return expect(common.isActivatedEIP(4844)).toBe(false);
    const { targetBlobGasPerBlock, maxBlobGasPerBlock, blobGasPriceUpdateFraction } = common.getBlobGasSchedule();
    const { target, updateFraction } = fork.blobs;
    expect([BigInt(target) * GAS_PER_BLOB, maxBlobGas(fork), updateFraction]).toEqual([
      targetBlobGasPerBlock,
      maxBlobGasPerBlock,
      blobGasPriceUpdateFraction,
    ]);
  });

  it("has the library's fees after any block", () => {
    const parent = fc.record({
      gasLimit: fc.bigInt(5_000n, 2n ** 40n),
      part: fc.oneof(fc.constantFrom(0n, 500n, 1_000n), fc.bigInt(0n, 1_000n)),
      baseFeePerGas: fc.oneof(fc.bigInt(0n, 20n), fc.bigInt(0n, 2n ** 128n)),
      blobs: fc.bigInt(0n, 9n),
      excessBlobGas: fc.oneof(
        fc.bigInt(0n, 20n).map((n) => n * GAS_PER_BLOB),
        fc.bigInt(0n, 2n ** 28n),
      ),
    });
    const verdict = fc.property(parent, ({ gasLimit, part, baseFeePerGas, blobs, excessBlobGas }) => {
      const gasUsed = (gasLimit * part) / 1_000n;
      const blobGasUsed = blobs * GAS_PER_BLOB;
      const fees = [
        baseFeeAfter(fork, { gasLimit, gasUsed, baseFeePerGas }),
        excessBlobGasAfter(fork, { baseFeePerGas, blobGasUsed, excessBlobGas }),
        blobBaseFee(fork, excessBlobGas),
      ];
      const [market, blob] = [common.isActivatedEIP(1559), common.isActivatedEIP(4844)];
      expect(fees).toEqual([
        market ? header({ gasLimit, gasUsed, baseFeePerGas }).calcNextBaseFee() : 0n,
        blob ? header({ baseFeePerGas, blobGasUsed, excessBlobGas }).calcNextExcessBlobGas(common) : 0n,
        blob ? header({ excessBlobGas }).getBlobGasPrice() : 0n,
      ]);
    });
    fc.assert(verdict, { numRuns: 300 });
  });

  it("takes and skips what the library does, for the same reason", () => {
    const codes = [NOTHING, Uint8Array.of(0), delegationTo(KEY.subarray(0, 20))];
    const situation = fc.record({
      fields: fieldsOf(BigInt(CHAIN_ID), 2),
      ahead: fc.constantFrom(0n, 0n, 0n, 0n, 1n, -1n),
      balance: fc.constantFrom(MAX_U256, MAX_U256, 2n ** 60n, 10n ** 17n, 0n),
      code: fc.constantFrom(...codes, NOTHING, NOTHING, NOTHING),
      gas: fc.constantFrom(GAS_LIMIT, GAS_LIMIT, 10_000_000n, 9_999_999n),
      blobsLeft: fc.constantFrom(9n, 9n, 3n, 0n),
      blobFee: fc.constantFrom(1n, 1n, GWEI, GWEI + 1n),
    });
    const verdict = fc.property(situation, ({ fields, ahead, balance, code, gas, blobsLeft, blobFee }) => {
      const raw = signTransaction(fields, KEY);
      const nonce = (fields.nonce ?? 0n) - ahead;
      const codeHash = code.length === 0 ? EMPTY_ACCOUNT.codeHash : keccak256(code);
      const account = { ...EMPTY_ACCOUNT, nonce: nonce < 0n ? 0n : nonce, balance, codeHash };
      const room = { gas, blobGas: blobsLeft * GAS_PER_BLOB, baseFee: fork.eips.has(1559) ? GWEI : 0n, blobBaseFee: blobFee };
      const journal = createJournal({
        account: () => account,
        slot: () => NOTHING,
        code: (hash) => (equalBytes(hash, codeHash) ? code : NOTHING),
      });
      const candidate = readCandidate(raw, BigInt(CHAIN_ID), fork);
      const mine = candidate === undefined ? "SKIP_MALFORMED" : skipReason(candidate, journal, room)?.code;
      seen.add(mine ?? "runs");
      expect(mine).toBe(libraryVerdict(raw, common, { ...account, code }, room)?.code);
    });
    fc.assert(verdict, { numRuns: 300 });
  });
});

it("has met every reason", () => {
  const elsewhere: readonly SkipReason[] = [SKIP.refused, SKIP.noBlock]; // the EVM's own, and the height's
  const reasons = Object.values(SKIP).filter((x) => !elsewhere.includes(x));
  expect([...seen].sort()).toEqual(["runs", ...reasons.map((x) => x.code)].sort());
});
