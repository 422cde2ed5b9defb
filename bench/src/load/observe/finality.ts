/** When blocks became final, by a node's own word. Only Noema has a call that is cheap enough to be asked often. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Client, createClient } from "./client.ts";

export type Finality = {
  /** Resolves when the block is final, or 10 s later. */
  reached(number: number): Promise<void>;
  /** Milliseconds of performance.now() at which a block was seen to be final; NaN: not yet. */
  at(number: number): number;
  stop(): Promise<void>;
};

/** Seldom enough to be no load of its own. */
const LOOK_MS = 50;
const LONGEST_MS = 10_000;

export async function watchFinality(url: string): Promise<Finality> {
  const client: Client = await createClient(url);
  const seen: { number: number; at: number }[] = [];
  let stopped = false;
  const follow = async () => {
    while (!stopped) {
      const { finalized } = await client.ask<{ finalized: string }>("noema_consensusStatus");
      const number = Number(finalized);
      if (number > (seen.at(-1)?.number ?? -1)) seen.push({ number, at: performance.now() });
      await sleep(LOOK_MS);
    }
  };
  const following = follow().catch(() => {}); // a node that is gone is told of by who watches its blocks
  const at = (number: number) => seen.find((x) => x.number >= number)?.at ?? Number.NaN;
  return {
    at,
    async reached(number) {
      for (const deadline = performance.now() + LONGEST_MS; Number.isNaN(at(number)) && performance.now() < deadline; )
        await sleep(LOOK_MS);
    },
    async stop() {
      stopped = true;
      await following;
      client.close();
    },
  };
}
