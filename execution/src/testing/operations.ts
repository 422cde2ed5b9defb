import type { Genesis } from "@noema/core/genesis";
import type { Bytes } from "@noema/core/ports/bytes";
import type { SystemInput } from "../api.ts";
import { KIND } from "../system/kinds.ts";
import { encodeOperation, operationInput } from "../system/operation.ts";
import { encodeRevert, type RevertTo } from "../system/revert.ts";
import { encodeSet, type SetAccount } from "../system/set.ts";

/** Of a chain that makes blocks as things arrive: heights of operations alone are bare. */
export const INSTANT: Partial<Genesis> = { consensus: { instant: true }, validators: [{} as never] };

let nonce = 0n;

/** `body`: encoded as its kind says. */
export function operationOf(kind: number, body: Bytes): SystemInput {
  return operationInput(encodeOperation({ nonce: nonce++, kind, body }));
}

export function setInput(account: SetAccount): SystemInput {
  return operationOf(KIND.set, encodeSet(account));
}

export function snapshotInput(): SystemInput {
  return operationOf(KIND.snapshot, new Uint8Array(0));
}

export function revertInput(to: RevertTo): SystemInput {
  return operationOf(KIND.revert, encodeRevert(to));
}
