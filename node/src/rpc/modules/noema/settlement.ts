/** What the contracts of an L1 take of this chain (docs/protocol/settlement.md 1): whoever posts it needs nothing else. */
import { to0x } from "@noema/core/bytes";
import { headerType } from "@noema/core/types/header";
import { l1Certificate, l1Members } from "@noema/settlement/l1-forms";
import type { FinalityRecord, RpcDeps } from "../../deps.ts";
import { type BlockId, createBlockResolver, numberOrTag } from "../../ethereum/block-id.ts";
import { AT_BLOCK } from "../../ethereum/error-sets.ts";
import { quantityHex } from "../../ethereum/hex.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { optional } from "../../json-rpc/parsers.ts";
import { DATA, HASH, members, nullable, QUANTITY } from "../../json-rpc/schema.ts";

const UPDATE = members({
  header: DATA,
  view: QUANTITY,
  certificate: members({ bitmap: DATA, signature: DATA }),
  provenHeight: QUANTITY,
  validators: members({ hash: HASH, members: DATA }),
});
const FINALIZED: BlockId = { tag: "finalized" };

export function settlementMethods(deps: RpcDeps): Record<string, RpcMethod> {
  const blocks = createBlockResolver(deps);
  return {
    noema_getL1Update: method({
      summary:
        "arguments of NoemaHead.update and registerSet by which an L1 knows the state after the block, or a later one; null until a final header carries it",
      params: [["block", optional(numberOrTag, FINALIZED, "finalized")]],
      result: nullable(UPDATE),
      errors: AT_BLOCK,
      async run(id) {
        const own = await deps.execution.block(await blocks.require(id));
        const record = own && (await deps.chain.finality(own.height));
        return record === undefined ? null : render(record);
      },
    }),
  };
}

function render({ header, certificate, validators }: FinalityRecord): Record<string, unknown> {
  const { bitmap, signature } = l1Certificate(certificate);
  return {
    header: to0x(headerType.serialize(header)),
    view: quantityHex(certificate.view),
    certificate: { bitmap: to0x(bitmap), signature: to0x(signature) },
    provenHeight: quantityHex(header.exec.height),
    validators: { hash: to0x(validators.hash), members: to0x(l1Members(validators)) },
  };
}
