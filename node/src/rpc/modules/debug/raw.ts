/** debug_getRaw*: headers, blocks, transactions and receipts in Ethereum's own encoding (execution-apis). */
import { to0x } from "@noema/core/bytes";
import { encodeBlock, encodeReceipts } from "@noema/execution/blocks/consensus-form";
import type { BlockRecord } from "@noema/execution/records";
import { type BlockId, blockId, createBlockResolver } from "../../ethereum/block-id.ts";
import { AT_BLOCK } from "../../ethereum/error-sets.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { hash } from "../../json-rpc/parsers.ts";
import { DATA, list } from "../../json-rpc/schema.ts";
import type { ModuleDeps } from "../../module-deps.ts";

export function rawMethods(deps: ModuleDeps): Record<string, RpcMethod> {
  const { execution, pool } = deps;
  const blocks = createBlockResolver(deps);
  const at = ["block", blockId] as const;
  const blockAt = async (id: BlockId) => (await execution.block(await blocks.require(id))) as BlockRecord;
  return {
    debug_getRawHeader: method({
      summary: "a header in RLP",
      params: [at],
      result: DATA,
      errors: AT_BLOCK,
      run: async (id) => to0x((await blockAt(id)).headerRlp),
    }),
    debug_getRawBlock: method({
      summary: "a block in RLP",
      params: [at],
      result: DATA,
      errors: AT_BLOCK,
      async run(id) {
        const { number, headerRlp } = await blockAt(id);
        const transactions = await execution.transactions(number);
        return to0x(
          encodeBlock(
            headerRlp,
            transactions.map((x) => x.raw),
          ),
        );
      },
    }),
    debug_getRawReceipts: method({
      summary: "the receipts of a block, each in its consensus form",
      params: [at],
      result: list(DATA),
      errors: AT_BLOCK,
      run: async (id) => encodeReceipts(await execution.receipts(await blocks.require(id))).map(to0x),
    }),
    debug_getRawTransaction: method({
      summary: "a transaction as it was signed; 0x where there is none",
      params: [["hash", hash]],
      result: DATA,
      async run(h) {
        const raw = (await execution.transaction(h))?.raw ?? pool.get(h)?.tx.raw;
        return raw === undefined ? "0x" : to0x(raw);
      },
    }),
  };
}
