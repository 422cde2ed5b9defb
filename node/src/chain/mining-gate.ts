/** On a development chain whose mining waits to be asked the pool gives nothing to a batch: its transactions come with what asks (mine.ts). */
import type { Pool } from "@noema/execution/pool/pool-interface";
import type { Mining } from "@noema/execution/system/controls";
import type { Heads } from "./heads.ts";

/** Whether transactions get a block without anybody asking for one. */
export function minesByItself(mining: Mining | undefined): boolean {
  return mining === undefined || mining.every || mining.auto;
}

export function gatedPool(pool: Pool, { controls, onHead }: Pick<Heads, "controls" | "onHead">): Pool {
  const isOpen = () => minesByItself(controls()?.mining);
  const wakes: (() => void)[] = [];
  let wasOpen = isOpen();
  onHead(() => {
    const opens = !wasOpen && isOpen();
    wasOpen = isOpen();
    if (opens) for (const wake of wakes) wake();
  });
  return {
    ...pool,
    take: (maxBytes, maxGas) => (isOpen() ? pool.take(maxBytes, maxGas) : undefined),
    onReady(f) {
      wakes.push(f);
      pool.onReady(f);
    },
  };
}
