/** Transactions of every type, with up to some fields replaced by values at the edges of the rules. */
import type { Bytes } from "@noema/core/ports/bytes";
import fc from "fast-check";
import type { TransactionFields } from "../../transactions/testing/sign-transaction.ts";

export const MAX_U64 = 2n ** 64n - 1n;
export const MAX_U256 = 2n ** 256n - 1n;
export const GWEI = 10n ** 9n;
export const GAS_LIMIT = 120_000_000n;

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const blobHash = bytes(32).map((hash) => Uint8Array.of(1, ...hash.subarray(1)));
const accessList = fc.array(fc.record({ address: bytes(20), storageKeys: fc.array(bytes(32), { maxLength: 2 }) }), { maxLength: 2 });
const word = fc.constantFrom(0n, 1n, 2n ** 255n, MAX_U256);

/** At most `most` of them are. */
export function fieldsOf(chainId: bigint, most = 3): fc.Arbitrary<TransactionFields> {
  const authorization = fc.tuple(
    fc.constantFrom(0n, chainId, MAX_U256),
    bytes(20),
    fc.constantFrom(0n, MAX_U64),
    fc.constantFrom(0, 1, 2, 255),
    word,
    word,
  );
  const valid = fc.record({
    type: fc.constantFrom<0 | 1 | 2 | 3 | 4>(0, 1, 2, 3, 4),
    chainId: fc.constant(chainId),
    nonce: fc.constant(0n),
    gasLimit: fc.constant(10_000_000n),
    to: bytes(20) as fc.Arbitrary<Bytes | null>,
    maxFeePerGas: fc.constant(10n * GWEI),
    accessList,
    maxFeePerBlobGas: fc.constant(GWEI),
    blobVersionedHashes: fc.array(blobHash, { minLength: 1, maxLength: 6 }),
    authorizations: fc.array(authorization, { minLength: 1, maxLength: 3 }),
  });
  const edges = fc.record({
    chainId: fc.constantFrom(undefined, 0n, chainId + 1n, MAX_U64),
    nonce: fc.constantFrom(1n, MAX_U64 - 1n, MAX_U64),
    gasLimit: fc.oneof(
      fc.constantFrom(20_999n, 21_000n, 2n ** 24n, 2n ** 24n + 1n, GAS_LIMIT, GAS_LIMIT + 1n, MAX_U64),
      fc.bigInt(21_000n, 300_000n),
    ),
    to: fc.constantFrom(null, new Uint8Array(20)),
    value: fc.constantFrom(1n, 2n ** 128n, MAX_U256),
    data: fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc.constantFrom(49_152, 49_153).map((n) => new Uint8Array(n).fill(1)),
    ),
    maxFeePerGas: fc.constantFrom(0n, GWEI - 1n, GWEI, 2n ** 200n, MAX_U256),
    maxPriorityFeePerGas: fc.constantFrom(0n, GWEI, 10n * GWEI + 1n, MAX_U256),
    maxFeePerBlobGas: fc.constantFrom(0n, 1n, MAX_U256),
    blobVersionedHashes: fc.array(fc.oneof(blobHash, bytes(32)), { maxLength: 10 }),
    authorizations: fc.constant([]),
  });
  const names = fc.subarray(
    [
      "chainId",
      "nonce",
      "gasLimit",
      "to",
      "value",
      "data",
      "maxFeePerGas",
      "maxPriorityFeePerGas",
      "maxFeePerBlobGas",
      "blobVersionedHashes",
      "authorizations",
    ] as const,
    { maxLength: most },
  );
  return fc
    .tuple(valid, edges, names)
    .map(([base, edge, picked]) => ({ ...base, ...Object.fromEntries(picked.map((name) => [name, edge[name]])) }));
}
