/**
 * What is accepted must execute: a transaction that the static checks admit and whose sender has the nonce and the funds is never
 * skipped by the engine. Valid transactions of every type, with up to three fields replaced by values at the edges of the rules.
 */
import { blockNumber } from "@noema/core/block-number";
import { ZERO_HASH } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import { MAX_CHAIN_ID } from "@noema/core/options";
import type { Bytes } from "@noema/core/ports/bytes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BlockEnv } from "../engine/engine.ts";
import { createReferenceEngine } from "../engine/reference/engine.ts";
import { EMPTY_ACCOUNT } from "../state/account.ts";
import type { FlatState } from "../state/reader.ts";
import { COINBASE, echoPrecompiles } from "../testing/chain.ts";
import { decodeTransaction } from "../transactions/decode.ts";
import { recoverSender } from "../transactions/recover-sender.ts";
import { signTransaction } from "../transactions/testing/sign-transaction.ts";
import { checkTransaction } from "./check-transaction.ts";
import { FORKS, type Fork, forkOf } from "./forks.ts";
import { fieldsOf, GAS_LIMIT, GWEI, MAX_U256 } from "./testing/random-fields.ts";

const KEY = new Uint8Array(32).fill(7);
const ENV: BlockEnv = {
  number: blockNumber(5),
  height: 5,
  timestamp: 1_700_000_000n,
  coinbase: COINBASE,
  prevRandao: ZERO_HASH,
  gasLimit: GAS_LIMIT,
  baseFeePerGas: GWEI,
  excessBlobGas: 0n,
  blockHash: () => undefined,
};

/** Every account is rich and has this nonce. */
function stateAt(nonce: bigint): FlatState {
  const nothing = () => new Uint8Array(0);
  return { account: () => ({ ...EMPTY_ACCOUNT, nonce, balance: MAX_U256 }), slot: nothing, code: nothing };
}

/** False: refused, or not the engine's turn yet (fee below the block's, gas above it, funds). */
function accepted(raw: Bytes, chainId: bigint, rules: Fork): boolean {
  try {
    const tx = decodeTransaction(raw);
    checkTransaction(tx, chainId, rules);
    recoverSender(tx);
    const blobs = BigInt(tx.blobVersionedHashes?.length ?? 0) * 131_072n * (tx.maxFeePerBlobGas ?? 0n);
    return tx.maxFeePerGas >= GWEI && tx.gasLimit <= GAS_LIMIT && tx.gasLimit * tx.maxFeePerGas + blobs + tx.value <= MAX_U256;
  } catch (error) {
    if (isNoemaError(error)) return false;
    throw error;
  }
}

describe("what is accepted executes", () => {
  const cases = [
    ...FORKS.map((fork) => ({ fork, chainId: 31_337 })),
    { fork: "osaka", chainId: MAX_CHAIN_ID },
    { fork: "osaka", chainId: 1 },
  ];

  it.each(cases)("on $fork, chain $chainId", async ({ fork, chainId }) => {
    const engine = await createReferenceEngine({ fork, chainId, precompiles: echoPrecompiles() });
    let executed = 0;
    const verdict = fc.asyncProperty(fieldsOf(BigInt(chainId)), async (fields) => {
      const raw = signTransaction(fields, KEY);
      const admitted = accepted(raw, BigInt(chainId), forkOf(fork));
      const outcome = await engine.executeBlock(stateAt(fields.nonce ?? 0n), ENV, [raw]);
      if (admitted) expect(outcome.skipped.map((x) => x.code)).toEqual([]);
      else expect(outcome.executed).toEqual([]); // and nothing valid is refused
      if (admitted) executed++;
    });
    await fc.assert(verdict, { numRuns: 150 });
    expect(executed).toBeGreaterThan(20);
  });

  it.each([0x00, 0x02, 0x10, 0x1a, 0x1f])("no blob hash of version %i", async (version) => {
    const engine = await createReferenceEngine({ fork: "osaka", chainId: 31_337, precompiles: echoPrecompiles() });
    const run = async (first: number) => {
      const hash = new Uint8Array(32).fill(first, 0, 1);
      const raw = signTransaction(
        { type: 3, chainId: 31_337n, to: new Uint8Array(20), maxFeePerBlobGas: GWEI, blobVersionedHashes: [hash] },
        KEY,
      );
      return (await engine.executeBlock(stateAt(0n), ENV, [raw])).skipped.map((x) => x.code);
    };
    expect(await run(1)).toEqual([]);
    expect(await run(version)).toEqual(["SKIP_MALFORMED"]);
  });

  it("a legacy transaction on the largest chain id, with either parity; one above is the library's limit", async () => {
    const run = async (chainId: number, nonce: bigint) => {
      const engine = await createReferenceEngine({ fork: "osaka", chainId, precompiles: echoPrecompiles(), model: true });
      const raw = signTransaction({ type: 0, chainId: BigInt(chainId), nonce, maxFeePerGas: GWEI }, KEY);
      const { skipped } = await engine.executeBlock(stateAt(nonce), ENV, [raw]);
      return { parity: decodeTransaction(raw).yParity, skipped: skipped.map((x) => x.code) };
    };
    const at = await Promise.all([0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n].map((nonce) => run(MAX_CHAIN_ID, nonce)));
    expect(new Set(at.map((x) => x.parity)).size).toBe(2);
    expect(at.flatMap((x) => x.skipped)).toEqual([]);
    const above = await Promise.all([0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n].map((nonce) => run(MAX_CHAIN_ID + 1, nonce)));
    expect(above.flatMap((x) => x.skipped)).toContain("SKIP_REFUSED"); // the negative control: why genesis refuses it
  });
});
