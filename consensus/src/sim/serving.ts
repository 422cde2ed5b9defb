/** What a simulated node gives to peers from its store and its engine. */
import { equalBytes } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import { type Block, type Boundary, LIMITS } from "../types.ts";
import type { Message } from "../wire/frame.ts";
import type { Effect } from "./addresses.ts";
import type { SimNode, World } from "./world.ts";

/** undefined: nothing to give. */
export function answerTo(w: World, node: SimNode, request: Extract<Effect, { type: "Serve" }>["request"]): Message | undefined {
  if (request.type === "GetBlocks") {
    const blocks = blocksFor(node, request);
    return blocks.length === 0 ? undefined : { type: "Blocks", blocks };
  }
  const boundaries = boundariesFrom(w, node, request.fromEpoch);
  return boundaries.length === 0 ? undefined : { type: "Boundaries", boundaries };
}

function blocksFor(node: SimNode, request: { hash: Hash; count: number; above: number }): Block[] {
  const out: Block[] = [];
  let block = findBlock(node, request.hash);
  while (block !== undefined && out.length < Math.min(request.count, LIMITS.blocks) && block.header.height > request.above) {
    out.push(block);
    block = findBlock(node, block.header.parentHash);
  }
  return out;
}

function findBlock(node: SimNode, hash: Hash): Block | undefined {
  for (const block of node.state?.blocks.values() ?? []) if (equalBytes(block.hash, hash)) return block;
  for (const final of node.final.values()) if (equalBytes(final.block.hash, hash)) return final.block;
  return undefined;
}

function boundariesFrom(w: World, node: SimNode, fromEpoch: number): Boundary[] {
  const out: Boundary[] = [];
  for (let epoch = fromEpoch; out.length < LIMITS.boundaries; epoch++) {
    const final = node.final.get((epoch + 1) * w.scenario.params.epochLength);
    if (final?.cert === undefined) break;
    out.push({ block: final.block, cert: final.cert });
  }
  return out;
}
