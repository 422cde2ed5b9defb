/** debug_getRaw*: headers, blocks, transactions and receipts in Ethereum's own encoding (execution-apis). */
import { to0x } from "@noema/core/bytes";
import { encodeBlock, encodeReceipts } from "@noema/execution/blocks/consensus-form";
import type { BlockRecord } from "@noema/execution/records";
import { type BlockId, blockId, createBlockResolver } from "../../ethereum/block-id.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { hash } from "../../json-rpc/parsers.ts";
import type { ModuleDeps } from "../../module-deps.ts";

export function rawMethods(deps: ModuleDeps): Record<string, RpcMethod> {
  const { execution, pool } = deps;
  const blocks = createBlockResolver(deps);
  const at = ["block", blockId] as const;
  const blockAt = async (id: BlockId) => (await execution.block(await blocks.require(id))) as BlockRecord;
  return {
    debug_getRawHeader: method([at], async (id) => to0x((await blockAt(id)).headerRlp)),
    debug_getRawBlock: method([at], async (id) => {
      const { number, headerRlp } = await blockAt(id);
      const transactions = await execution.transactions(number);
      return to0x(
        encodeBlock(
          headerRlp,
          transactions.map((x) => x.raw),
        ),
      );
    }),
    debug_getRawReceipts: method([at], async (id) => encodeReceipts(await execution.receipts(await blocks.require(id))).map(to0x)),
    debug_getRawTransaction: method([["hash", hash]], async (h) => {
      const raw = (await execution.transaction(h))?.raw ?? pool.get(h)?.tx.raw;
      return raw === undefined ? "0x" : to0x(raw);
    }),
  };
}
