/** What execution gets of a final block and of the payloads that its certificates stand for. */
import type { FinalBlock } from "@noema/core/ports/application";
import type { AvailabilityCert, PayloadItems } from "@noema/core/ports/data";
import type { BlockInput } from "@noema/execution/api";
import { operationInput } from "@noema/execution/system/operation";

/** Whether it is the payload lane's. */
export function isPayload({ kind }: AvailabilityCert): boolean {
  return kind === "batch" || kind === "system";
}

export type BlockPayload = Pick<BlockInput, "system" | "txs" | "senders">;

/** `items`: for each of `certs`, in order. */
export function blockPayload(certs: readonly AvailabilityCert[], items: readonly PayloadItems[]): BlockPayload {
  const of = (kind: AvailabilityCert["kind"]) => items.filter((_, i) => certs[i]?.kind === kind);
  return {
    system: of("system").flatMap(({ txs }) => txs.map(operationInput)),
    txs: of("batch").flatMap(({ txs }) => txs),
    senders: of("batch").flatMap(({ txs, senders }) => txs.map((_, i) => senders?.[i])),
  };
}

export function blockInput(block: FinalBlock, payload: BlockPayload): BlockInput {
  const { height, parentHash: parentConsensusHash, timestampMs, feeAddress: coinbase, prevRandao } = block;
  return { height, parentConsensusHash, timestampMs, coinbase, prevRandao, ...payload };
}
