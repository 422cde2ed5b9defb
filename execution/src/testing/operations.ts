import type { Genesis } from "@noema/core/genesis";
import type { SystemInput } from "../api.ts";
import { KIND } from "../system/kinds.ts";
import { encodeOperation, operationInput } from "../system/operation.ts";
import { encodeSet, type SetAccount } from "../system/set.ts";

/** Of a chain that makes blocks as things arrive: heights of operations alone are bare. */
export const INSTANT: Partial<Genesis> = { consensus: { instant: true }, validators: [{} as never] };

let nonce = 0n;

export function setInput(account: SetAccount): SystemInput {
  return operationInput(encodeOperation({ nonce: nonce++, kind: KIND.set, body: encodeSet(account) }));
}
