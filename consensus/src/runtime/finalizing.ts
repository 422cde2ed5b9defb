/** Finalize: the blocks are durable in the chain store before what their execution gives is kept, or anybody hears of them. */
import type { Effect } from "../engine/events.ts";
import type { ChainStore } from "../store/chain-store.ts";
import type { Block } from "../types.ts";
import type { Notarizations } from "./notarizations.ts";

export type FinalizingDeps = {
  store: ChainStore;
  notarizations: Notarizations;
  /** The store has grown. */
  stored(blocks: readonly Block[]): void;
  announce(block: Block): void;
};

export async function storeFinal(deps: FinalizingDeps, { blocks }: Extract<Effect, { type: "Finalize" }>): Promise<void> {
  await deps.store.append(blocks.map((final) => ({ ...final, notarization: deps.notarizations.take(final.block) })));
  deps.stored(blocks.map(({ block }) => block));
  for (const { block } of blocks) deps.announce(block);
}
