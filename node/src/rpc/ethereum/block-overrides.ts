/** Fields of a block that a question replaces (execution-apis, BlockOverrides). */
import { blockNumber } from "@noema/core/block-number";
import { bigIntToBytes } from "@noema/core/bytes";
import type { BlockOverride } from "@noema/execution/api";
import { invalidParams } from "../json-rpc/error.ts";
import type { Parser } from "../json-rpc/method.ts";
import { address, anything, hash, object, optional, quantity, smallQuantity } from "../json-rpc/parsers.ts";
import { ANYTHING, either, HASH, list, QUANTITY } from "../json-rpc/schema.ts";

const U64 = 2n ** 64n - 1n;

const shape = object({
  number: optional(smallQuantity()),
  time: optional(quantity(U64)),
  gasLimit: optional(quantity(U64)),
  feeRecipient: optional(address),
  coinbase: optional(address),
  /** A quantity by the schema, 32 bytes by what clients send. */
  prevRandao: { ...anything, schema: either(QUANTITY, HASH) },
  baseFeePerGas: optional(quantity()),
  baseFee: optional(quantity()),
  blobBaseFee: optional(quantity()),
  beaconRoot: optional(hash),
  withdrawals: { ...anything, schema: list(ANYTHING, 0) },
});

function randaoOf(value: unknown, name: string): Uint8Array | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" && value.length === 66 ? hash.read(value, name) : bigIntToBytes(quantity().read(value, name), 32);
}

/** Both spellings that clients have: geth's older ones for calls, execution-apis' for simulations. */
export const blockOverride: Parser<BlockOverride> = {
  schema: { ...shape.schema, title: "BlockOverrides", description: "fields of the block that are replaced" },
  read(value, name) {
    const { number, time, gasLimit, feeRecipient, coinbase, prevRandao, baseFeePerGas, baseFee, blobBaseFee, beaconRoot, withdrawals } =
      shape.read(value, name);
    if (Array.isArray(withdrawals) && withdrawals.length > 0) throw invalidParams(`${name}.withdrawals: this chain has none`);
    return {
      number: number === undefined ? undefined : blockNumber(number),
      timestamp: time,
      gasLimit,
      coinbase: feeRecipient ?? coinbase,
      prevRandao: randaoOf(prevRandao, `${name}.prevRandao`),
      baseFeePerGas: baseFeePerGas ?? baseFee,
      blobBaseFee,
      parentBeaconBlockRoot: beaconRoot,
    };
  },
};
