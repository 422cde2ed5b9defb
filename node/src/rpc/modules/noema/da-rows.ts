/** noema_daRows: which validator holds which rows of an object, whether it has signed that it does, and whether it can be asked now. */
import { to0x } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import { bitmapIndexes } from "@noema/core/quorum";
import { indexOf } from "@noema/core/validator-index";
import type { RpcDeps } from "../../deps.ts";
import { rpcError } from "../../errors.ts";
import { quantityHex } from "../../ethereum/hex.ts";
import { BOOLEAN, HASH, INTEGER, list, members, nullable, QUANTITY } from "../../json-rpc/schema.ts";

const RANGE = members({ validator: INTEGER, from: QUANTITY, to: QUANTITY, signed: BOOLEAN, reachable: BOOLEAN });
export const DA_ROWS = members({
  id: HASH,
  bytes: QUANTITY,
  rows: QUANTITY,
  needed: QUANTITY,
  expiry: QUANTITY,
  certified: BOOLEAN,
  height: nullable(QUANTITY),
  holders: nullable(list(RANGE)),
});

type Range = { validator: number; from: number; to: number };

/** Slots that follow each other and have one holder. */
function rangesOf(holders: readonly number[]): Range[] {
  const ranges: Range[] = [];
  for (const [slot, validator] of holders.entries()) {
    const last = ranges.at(-1);
    if (last?.validator === validator) last.to = slot + 1;
    else ranges.push({ validator, from: slot, to: slot + 1 });
  }
  return ranges;
}

/**
 * null: unknown here and to connected peers. `holders` ascend by their slots [from, to), of which those below `needed` are data rows; null
 * where the assignment of the object's epoch is not known here. Throws DA_EXPIRED, DA_UNAVAILABLE.
 */
export async function daRows({ sampling, chain, net }: RpcDeps, id: Hash): Promise<Record<string, unknown> | null> {
  if (sampling === undefined) throw rpcError("RPC_DA_DISABLED", "this node has no data layer");
  const sampled = await sampling.sampled(id, new AbortController().signal);
  if (sampled === undefined) return null;
  const { object, cert, height, holders } = sampled;
  const { meta } = object;
  const set = chain.validators();
  const signers = new Set(cert && bitmapIndexes(cert.certificate.bitmap, set.members.length));
  const reachable = new Set([chain.status().self, ...net.peers().map((peer) => indexOf(set, peer.publicKey))]);
  return {
    id: to0x(id),
    bytes: quantityHex(meta.payloadLen),
    rows: quantityHex(meta.N),
    needed: quantityHex(meta.R),
    expiry: quantityHex(meta.expiry),
    certified: cert !== undefined,
    height: height === undefined ? null : quantityHex(height),
    holders:
      holders?.length === meta.N
        ? rangesOf(holders).map(({ validator, from, to }) => ({
            validator,
            from: quantityHex(from),
            to: quantityHex(to),
            signed: signers.has(validator),
            reachable: reachable.has(validator),
          }))
        : null,
  };
}
