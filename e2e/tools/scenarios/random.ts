/**
 * Random operations of a development chain, transactions, ways back and kills, each step held against a model and, on one validator,
 * against an anvil that is told the same. NOEMA_STEPS says how many (10,000 take hours), NOEMA_SEED repeats a run.
 */
import { createSeededRandom } from "../../harness/random.ts";
import { walk } from "../../random/walk.ts";
import { startNode } from "../nodes.ts";
import { everyStep, type Scenario } from "../scenario.ts";
import { validatorsOf } from "../validators.ts";

const STEPS = Number(process.env.NOEMA_STEPS ?? 500);
/** Four validators take some ten times as long for each. */
const SHARE_OF_FOUR = 0.2;
const HANG_MS = 24 * 3600_000;

function random(name: "noema-1" | "noema-4", steps: number): Scenario {
  return {
    name: `random chain, ${name === "noema-1" ? "beside anvil" : "four validators"}`,
    only: name,
    async run(node, told) {
      const anvil = name === "noema-1" ? await startNode("anvil", "") : undefined;
      try {
        await told.step(
          `${steps} steps`,
          async () => {
            const chosen = createSeededRandom(`random, ${name}`);
            const { blocks, transactions, counts } = await walk(validatorsOf(node), steps, chosen, anvil?.url).catch((error: Error) => {
              process.stderr.write(`${error.message}\n`); // with the steps before it
              throw error;
            });
            const kinds = Object.entries(counts).map(([what, n]) => `${n} x ${what}`);
            told.fact(`${blocks} blocks in the end, ${transactions} transactions; ${kinds.join(", ")}`);
          },
          HANG_MS,
        );
      } finally {
        await anvil?.stop();
      }
    },
    judge: everyStep,
  };
}

export const randomScenarios = [random("noema-1", STEPS), random("noema-4", Math.ceil(STEPS * SHARE_OF_FOUR))];
