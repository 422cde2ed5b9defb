/** A run of blocks that one request made, and the clock that it leaves. */
import { clockReached, newestOf, numberOf, type Sent } from "./model.ts";
import { takeBlock } from "./observe.ts";
import type { Span } from "./span.ts";
import type { World } from "./world.ts";

/** `inOneHeight`: who goes back into the middle of the run finds the clock as the height left it. */
export async function takeMade(
  world: World,
  first: readonly Sent[],
  count: number,
  apart: bigint,
  wall: Span,
  inOneHeight: boolean,
): Promise<void> {
  const { chain } = world;
  await takeBlock(world, first, wall);
  for (let i = 1; i < count; i++) await takeBlock(world, [], wall, apart);
  if (count === 1) return;
  clockReached(chain, newestOf(chain).timestamp, wall);
  const newest = numberOf(chain);
  for (let number = newest - count + 1; number < newest && inOneHeight; number++) {
    const end = chain.ends.get(number);
    if (end !== undefined) end.offset = chain.offset;
  }
}
