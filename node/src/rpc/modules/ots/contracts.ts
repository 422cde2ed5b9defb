import { to0x } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { atBlock, type BlockResolver } from "../../ethereum/block-id.ts";
import { AT_STATE, OF_TRACES } from "../../ethereum/error-sets.ts";
import { firstBlockWhere } from "../../ethereum/first-block.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { address } from "../../json-rpc/parsers.ts";
import { ADDRESS, BOOLEAN, HASH, members, nullable } from "../../json-rpc/schema.ts";
import type { ModuleDeps } from "../../module-deps.ts";

export function otsContractMethods(deps: ModuleDeps, blocks: BlockResolver): Record<string, RpcMethod> {
  const who = ["address", address] as const;
  return {
    ots_hasCode: method({
      summary: "whether the address is a contract",
      params: [who, atBlock],
      result: BOOLEAN,
      errors: AT_STATE,
      run: async (a, id) => (await deps.execution.code(await blocks.state(id), a)).length > 0,
    }),
    ots_getContractCreator: method({
      summary: "the transaction and the account that made a contract; null where none did",
      params: [who],
      result: nullable(members({ hash: HASH, creator: ADDRESS })),
      errors: OF_TRACES,
      run: (a) => creatorOf(deps, a),
    }),
  };
}

/** Throws STATE_PRUNED where it was made below the oldest kept state; of a contract that somebody else than a transaction made: nothing. */
async function creatorOf(deps: ModuleDeps, contract: Bytes): Promise<{ hash: string; creator: string } | undefined> {
  const { execution } = deps;
  const first = await firstBlockWhere(deps, async (number) => (await execution.code(number, contract)).length > 0);
  if (first === undefined || first.number === 0) return undefined;
  if (first.pruned !== undefined) throw first.pruned;
  const own = to0x(contract);
  for (const { transaction, result } of await execution.trace({ block: first.number }, { own: "creations" })) {
    const made = (JSON.parse(result) as { contract: string; creator: string }[]).find((x) => x.contract === own);
    if (made !== undefined && transaction !== undefined) return { hash: to0x(transaction), creator: made.creator };
  }
  return undefined;
}
