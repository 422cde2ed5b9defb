import type { World } from "./world.ts";

/** What may happen next to a chain and its model, and how often beside others. */
export type Step = { name: string; weight: number; can?(world: World): boolean; run(world: World): Promise<void> };
