/** Transfers by arithmetic against the EVM, in every fork, in more blocks than the unit test has. NOEMA_SEED repeats a run, NOEMA_CHAINS lengthens it. */
import { expect, it } from "vitest";
import { compareTransfers } from "../src/engine/transfers/testing/run-blocks.ts";
import { runTransfer } from "../src/engine/transfers/transfer.ts";
import { FORKS } from "../src/rules/forks.ts";

const seed = process.env.NOEMA_SEED ?? String(Date.now());
const chains = Number(process.env.NOEMA_CHAINS ?? 1);
console.log(`NOEMA_SEED=${seed}`);

it.each(FORKS)("random blocks of %s", async (fork) => {
  for (let i = 0; i < chains; i++) {
    const { difference } = await compareTransfers(fork, `${seed}/${fork}/${i}`, { blocks: 10, perBlock: 80, transfers: runTransfer });
    expect(difference, `chain ${i}`).toBeUndefined();
  }
});
