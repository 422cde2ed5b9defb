/** eth_simulateV1 (execution-apis): blocks of calls that nobody signed, shown as blocks are. */
import { to0x } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import type { SimulatedBlock, SimulatedCall, Simulation } from "@noema/execution/api";
import { atBlock } from "../../ethereum/block-id.ts";
import { blockOverride } from "../../ethereum/block-overrides.ts";
import { callRequest, limitCalls, MAX_SIMULATED_CALLS, refuseManySlots, stateOverrides } from "../../ethereum/call-request.ts";
import { OF_CALLS } from "../../ethereum/error-sets.ts";
import { quantityHex } from "../../ethereum/hex.ts";
import { renderBlock } from "../../ethereum/render-block.ts";
import { renderDecoded, renderLog } from "../../ethereum/render-transaction.ts";
import { revertError } from "../../ethereum/revert.ts";
import { blockMembers, LOG } from "../../ethereum/shapes.ts";
import { invalidParams, RpcError } from "../../json-rpc/error.ts";
import { method, type Parser, type RpcMethod } from "../../json-rpc/method.ts";
import { array, boolean, object, optional } from "../../json-rpc/parsers.ts";
import { DATA, type JsonSchema, list, members, QUANTITY, TEXT } from "../../json-rpc/schema.ts";
import type { EthContext } from "./context.ts";

/** execution-apis' limit for blocks. */
const MAX_BLOCKS = 256;
/** -32015: what failed in the EVM and is no revert. */
const VM_ERROR = -32015;

/** execution-apis' numbers for what a transaction's check finds. */
const NUMBERS: Record<string, number> = {
  TX_NONCE_TOO_LOW: -38010,
  TX_FEE_CAP_TOO_LOW: -38012,
  TX_INTRINSIC_GAS_TOO_LOW: -38013,
  TX_INSUFFICIENT_FUNDS: -38014,
  TX_INITCODE_TOO_LARGE: -38025,
  TX_TIP_ABOVE_FEE_CAP: -32602,
  TX_NONCE_MAX: -32603,
};

const OF_SIMULATION = [...OF_CALLS, "SIM_BLOCK_GAS", "SIM_LIMIT", "SIM_NONCE_TOO_HIGH", "SIM_NUMBER_ORDER", "SIM_TIME_ORDER"];
const CALL = members(
  { returnData: DATA, logs: list(LOG), gasUsed: QUANTITY, maxUsedGas: QUANTITY, status: QUANTITY },
  { error: members({ code: { type: "integer" }, message: TEXT }, { data: DATA }) },
);
const SIMULATED: JsonSchema = {
  title: "SimulatedBlock",
  description: "a block and what came of its calls",
  ...members({ ...blockMembers.required, calls: list(CALL) }, blockMembers.more),
};

type Asked = Omit<Simulation, "transfers"> & { transfers: boolean; full: boolean };

function simulation(chainId: number): Parser<Asked> {
  const block = object({
    blockOverrides: optional(blockOverride, {}),
    stateOverrides: optional(stateOverrides, []),
    calls: optional(array(callRequest(chainId), MAX_SIMULATED_CALLS), []),
  });
  const shape = object({
    blockStateCalls: { schema: list(block.schema, MAX_BLOCKS), read: (value: unknown) => value } as Parser<unknown>,
    traceTransfers: optional(boolean, false),
    validation: optional(boolean, false),
    returnFullTransactions: optional(boolean, false),
  });
  return {
    schema: shape.schema,
    read(value, name) {
      const { blockStateCalls, traceTransfers, validation, returnFullTransactions } = shape.read(value, name);
      if (Array.isArray(blockStateCalls) && blockStateCalls.length === 0) throw invalidParams("empty input");
      if (Array.isArray(blockStateCalls) && blockStateCalls.length > MAX_BLOCKS) throw new RpcError(-38026, "too many blocks");
      if (Array.isArray(blockStateCalls))
        refuseManySlots(
          blockStateCalls.map((x) => x?.stateOverrides),
          `${name}.blockStateCalls`,
        );
      const blocks = limitCalls(array(block, MAX_BLOCKS), "calls").read(blockStateCalls, `${name}.blockStateCalls`);
      return {
        blocks: blocks.map((x) => ({ block: x.blockOverrides, state: x.stateOverrides, calls: x.calls })),
        validation,
        transfers: traceTransfers,
        full: returnFullTransactions,
      };
    },
  };
}

function renderCall({ ok, output, gasUsed, gasBeforeRefund, logs, error }: SimulatedCall): Record<string, unknown> {
  const used = { gasUsed: quantityHex(gasUsed), maxUsedGas: quantityHex(gasBeforeRefund) };
  const shown = { returnData: ok ? to0x(output) : "0x", logs: logs.map((log) => renderLog(log)), ...used, status: ok ? "0x1" : "0x0" };
  if (ok) return shown;
  return { ...shown, error: error === "revert" ? revertError(output).body : { code: VM_ERROR, message: error } };
}

function renderSimulated({ block, transactions, calls }: SimulatedBlock, full: boolean): Record<string, unknown> {
  const { number, hash, baseFeePerGas, timestamp } = block;
  const place = (index: number) => ({ number, hash, index, baseFeePerGas, timestamp });
  const shown = transactions.map(({ tx, sender }, i) => (full ? renderDecoded(tx, sender, place(i)) : to0x(tx.hash)));
  return { ...renderBlock(block, shown), calls: calls.map(renderCall) };
}

function rethrowNumbered(error: unknown): never {
  const number = isNoemaError(error) ? NUMBERS[error.code] : undefined;
  throw number === undefined ? error : new RpcError(number, (error as Error).message, { code: (error as { code: string }).code });
}

export function simulateMethods(c: EthContext): Record<string, RpcMethod> {
  return {
    eth_simulateV1: method({
      summary: "blocks of calls that nobody signed, made after a block and shown as blocks are",
      params: [["simulation", simulation(c.chainId)], atBlock],
      result: list(SIMULATED),
      errors: OF_SIMULATION,
      async run({ full, ...asked }, id) {
        const blocks = await c.execution.simulate(asked, await c.blocks.require(id)).catch(rethrowNumbered);
        return blocks.map((block) => renderSimulated(block, full));
      },
    }),
  };
}
