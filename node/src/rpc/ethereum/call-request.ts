/** Transaction objects and state overrides as parameters of eth_call and its kin. */
import type { CallRequest, StateOverride } from "@noema/execution/api";
import { txError } from "@noema/execution/transactions/errors";
import { invalidParams } from "../json-rpc/error.ts";
import type { Parser } from "../json-rpc/method.ts";
import {
  address,
  anything,
  array,
  data as bytes,
  hash,
  object,
  optional,
  quantity,
  record,
  slotKey,
  smallQuantity,
} from "../json-rpc/parsers.ts";
import type { JsonSchema } from "../json-rpc/schema.ts";

/** The RPC body limit bounds it before. */
const MAX_CALL_DATA = 2_500_000;
const MAX_OVERRIDES = 1024;
const MAX_SLOTS = 16_384;
const MAX_BLOB_HASHES = 128; // far above any block's
const MAX_U64 = 2n ** 64n - 1n;

const accessList = array(object({ address, storageKeys: array(hash, MAX_SLOTS) }), MAX_SLOTS);

const authorizationList = array(
  object({ chainId: quantity(), address, nonce: quantity(MAX_U64), yParity: smallQuantity(255), r: quantity(), s: quantity() }),
  MAX_OVERRIDES,
);

/** Every member that a transaction object can have; what eth_call and eth_sendTransaction share. */
export const transactionShape = {
  from: optional(address),
  to: optional(address),
  gas: optional(quantity(MAX_U64)),
  gasPrice: optional(quantity()),
  maxFeePerGas: optional(quantity()),
  maxPriorityFeePerGas: optional(quantity()),
  value: optional(quantity()),
  nonce: optional(quantity(MAX_U64)),
  data: optional(bytes({ max: MAX_CALL_DATA })),
  input: optional(bytes({ max: MAX_CALL_DATA })),
  accessList: optional(accessList),
  authorizationList: optional(authorizationList),
  maxFeePerBlobGas: optional(quantity()),
  blobVersionedHashes: optional(array(hash, MAX_BLOB_HASHES)),
  /** Their hashes and gas count; the bytes have no effect on a call, and cannot be signed here. */
  blobs: anything,
  chainId: optional(quantity()),
  type: optional(smallQuantity(0x7f)),
};

const shape = object(transactionShape);
/** As clients write one. */
export const TRANSACTION: JsonSchema = {
  ...shape.schema,
  title: "TransactionRequest",
  description: "members of a transaction; `input` and `data` mean the same",
};

/** `input` and `data` mean the same; both may stand when they are equal. */
export function callData(tx: { data?: Uint8Array; input?: Uint8Array }): Uint8Array | undefined {
  if (tx.data !== undefined && tx.input !== undefined && Buffer.compare(tx.data, tx.input) !== 0)
    throw invalidParams("both data and input are set, and they differ");
  return tx.input ?? tx.data;
}

type Fees = { gasPrice?: bigint; maxFeePerGas?: bigint; maxPriorityFeePerGas?: bigint };

/** What no transaction can say, whatever the state; geth's words. */
export function checkFees({ gasPrice, maxFeePerGas, maxPriorityFeePerGas: tip }: Fees): void {
  if (gasPrice !== undefined && (maxFeePerGas !== undefined || tip !== undefined))
    throw invalidParams("both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified");
  if (maxFeePerGas !== undefined && tip !== undefined && tip > maxFeePerGas) {
    const message = `max priority fee per gas higher than max fee per gas: maxPriorityFeePerGas: ${tip}, maxFeePerGas: ${maxFeePerGas}`;
    throw txError("TX_TIP_ABOVE_FEE_CAP", message);
  }
}

export function checkChainId(chainId: bigint | undefined, own: number): void {
  if (chainId !== undefined && chainId !== BigInt(own))
    throw txError("TX_CHAIN_ID", `chainId does not match node's (have=${chainId}, want=${own})`);
}

/** `nonce` counts in a simulation only. */
export function callRequest(ownChainId: number): Parser<CallRequest & { nonce?: bigint }> {
  return {
    schema: TRANSACTION,
    read(value, name) {
      const { input, data, chainId, type: _, blobs, ...tx } = shape.read(value, name);
      checkFees(tx);
      checkChainId(chainId, ownChainId);
      if (Array.isArray(blobs) && blobs.length === 0) tx.blobVersionedHashes ??= []; // no transaction either
      return { ...tx, data: callData({ input, data }) };
    },
  };
}

/** Of all blocks of one question. */
export const MAX_SIMULATED_CALLS = 5000;

/** Counted before any is read, which takes 6 us of the thread that votes; the gas of the question bounds them only afterwards. */
export function limitCalls<T>(blocks: Parser<T>, member: string): Parser<T> {
  return {
    ...blocks,
    read(value, name) {
      const counts = Array.isArray(value) ? value.map((x) => (Array.isArray(x?.[member]) ? x[member].length : 0)) : [];
      const count = counts.reduce((sum, n) => sum + n, 0);
      if (count > MAX_SIMULATED_CALLS) throw invalidParams(`${name}: ${count} calls in all, at most ${MAX_SIMULATED_CALLS}`);
      return blocks.read(value, name);
    },
  };
}

const override = object({
  balance: optional(quantity()),
  nonce: optional(quantity(MAX_U64)),
  code: optional(bytes({ max: MAX_CALL_DATA })),
  movePrecompileToAddress: optional(address),
  state: optional(record(slotKey, slotKey, MAX_SLOTS)),
  stateDiff: optional(record(slotKey, slotKey, MAX_SLOTS)),
});

const overrideMap = record(address, override, MAX_OVERRIDES);

/** Of one question: they are read on the thread that votes, 10 us each, and copied to another. */
const MAX_OVERRIDDEN_SLOTS = 16_384;

/** Throws before any is read. `given`: overrides as clients write them. */
export function refuseManySlots(given: readonly unknown[], name: string): void {
  const entries = (value: unknown) => (typeof value === "object" && value !== null ? Object.values(value) : []);
  let slots = 0;
  for (const account of given.flatMap(entries)) {
    const { state, stateDiff } = (account ?? {}) as { state?: unknown; stateDiff?: unknown };
    slots += entries(state).length + entries(stateDiff).length;
  }
  if (slots > MAX_OVERRIDDEN_SLOTS) throw invalidParams(`${name}: ${slots} slots in all, at most ${MAX_OVERRIDDEN_SLOTS}`);
}

export const stateOverrides: Parser<StateOverride[]> = {
  schema: { ...overrideMap.schema, title: "StateOverrides", description: "by address; `state` replaces all slots, `stateDiff` some" },
  read(value, name) {
    refuseManySlots([value], name);
    return overrideMap.read(value, name).map(([who, { movePrecompileToAddress: movePrecompileTo, ...x }]) => {
      if (x.state !== undefined && x.stateDiff !== undefined) throw invalidParams(`${name}: an account has both state and stateDiff`);
      return { address: who, ...x, movePrecompileTo };
    });
  },
};
