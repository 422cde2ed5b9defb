/** Asks one validator for blocks or boundaries; the engine repeats with others, so a failure is only counted. */
import type { Bytes } from "@noema/core/ports/bytes";
import type { Network } from "@noema/core/ports/network";
import { decodeBounded } from "@noema/core/types/ssz";
import { type Block, type Boundary, LIMITS, type Request } from "../types.ts";
import { blockType } from "../wire/block.ts";
import { fromBlock, fromBoundary } from "../wire/convert.ts";
import { boundaryType, getBlocksType, getBoundariesType } from "../wire/messages.ts";
import { METHODS } from "./methods.ts";

type Named<T> = Extract<Request, { type: T }>;

/** At most LIMITS.blocks, as they come; throws REQUEST_FAILED, SSZ_INVALID, CONSENSUS_FRAME_INVALID. */
export async function* fetchBlocks(network: Network, peer: string, request: Named<"GetBlocks">, signal: AbortSignal): AsyncIterable<Block> {
  const body = getBlocksType.serialize(request);
  for await (const chunk of bounded(network, peer, METHODS.blocksByHash, body, Math.min(request.count, LIMITS.blocks), signal))
    yield fromBlock(decodeBounded(blockType, chunk));
}

/** The first only: epochs are entered one at a time, and a later one is checked with the set it leads to. Throws as `fetchBlocks`. */
export async function fetchBoundaries(
  network: Network,
  peer: string,
  request: Named<"GetBoundaries">,
  signal: AbortSignal,
): Promise<Boundary[]> {
  const boundaries: Boundary[] = [];
  const body = getBoundariesType.serialize(request);
  for await (const chunk of bounded(network, peer, METHODS.boundaryCerts, body, 1, signal))
    boundaries.push(fromBoundary(decodeBounded(boundaryType, chunk)));
  return boundaries;
}

async function* bounded(
  network: Network,
  peer: string,
  method: { name: string; max: number },
  body: Bytes,
  items: number,
  signal: AbortSignal,
): AsyncIterable<Bytes> {
  let left = items;
  for await (const chunk of network.request(peer, method.name, body, method.max, signal)) {
    if (left-- === 0) return;
    yield chunk;
  }
}
