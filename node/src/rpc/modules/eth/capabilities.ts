/** eth_capabilities (execution-apis): from which block on what can be asked. */
import { to0x } from "@noema/core/bytes";
import type { BlockRecord } from "@noema/execution/records";
import { quantityHex } from "../../ethereum/hex.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { BOOLEAN, HASH, INTEGER, members, QUANTITY, TEXT } from "../../json-rpc/schema.ts";
import type { EthContext } from "./context.ts";

export function capabilityMethods({ chain, execution, history }: EthContext): Record<string, RpcMethod> {
  const all = { disabled: false, oldestBlock: "0x0" };

  async function capabilities(): Promise<Record<string, unknown>> {
    const { number, hash } = (await execution.block(chain.tags().latest.number)) as BlockRecord;
    const oldest = history === 0 ? 0 : Math.max(0, number - history);
    // Heights and numbers part where a chain is for development: the window is then at least as long as this says.
    const state =
      history === 0
        ? all
        : { disabled: false, oldestBlock: quantityHex(oldest), deleteStrategy: { type: "window", retentionBlocks: history } };
    return {
      head: { number: quantityHex(number), hash: to0x(hash) },
      state,
      stateproofs: state,
      tx: all,
      logs: all,
      receipts: all,
      blocks: all,
    };
  }
  const kept = members({ disabled: BOOLEAN, oldestBlock: QUANTITY }, { deleteStrategy: members({ type: TEXT, retentionBlocks: INTEGER }) });
  return {
    eth_capabilities: method({
      summary: "from which block on what can be asked",
      params: [],
      result: members({
        head: members({ number: QUANTITY, hash: HASH }),
        ...{ state: kept, stateproofs: kept, tx: kept, logs: kept, receipts: kept, blocks: kept },
      }),
      run: capabilities,
    }),
  };
}
