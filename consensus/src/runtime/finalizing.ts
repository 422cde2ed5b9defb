/** Finalize: the blocks are durable in the chain store before what their execution gives is kept, or anybody hears of them. */
import type { Height } from "@noema/core/ports/bytes";
import type { Effect } from "../engine/events.ts";
import type { ChainStore } from "../store/chain-store.ts";
import type { Block } from "../types.ts";
import type { Notarizations } from "./notarizations.ts";

export type FinalizingDeps = {
  store: ChainStore;
  notarizations: Notarizations;
  /** The lowest height that is kept once there is one of `tip`; 0: all are. */
  keepFrom(tip: Height): Height;
  /** The store has grown. */
  stored(blocks: readonly Block[]): void;
  announce(block: Block): void;
};

export async function storeFinal(deps: FinalizingDeps, { blocks }: Extract<Effect, { type: "Finalize" }>): Promise<void> {
  const tip = blocks.at(-1)?.block.header.height ?? 0;
  const stored = blocks.map((final) => ({ ...final, notarization: deps.notarizations.take(final.block) }));
  await deps.store.append(stored, deps.keepFrom(tip));
  deps.stored(blocks.map(({ block }) => block));
  for (const { block } of blocks) deps.announce(block);
}
