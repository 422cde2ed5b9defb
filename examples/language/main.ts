// Asks a model on chain which language files are in: npm start -- FILE... (NOEMA_RPC: another node than the devnet's first)
import { readFileSync } from "node:fs";
import { createPublicClient, http } from "viem";
import { language } from "./bound/Language.ts";
import { inputOf, noema } from "./bound/viem.mjs";
import { languageInput } from "./features.ts";

const client = createPublicClient({ transport: http(process.env.NOEMA_RPC ?? "http://127.0.0.1:8545") }).extend(noema);
/** Scores are whole numbers of this step; softmax of the scores are the chances. */
const step = language.output.scale;

for (const path of process.argv.slice(2)) {
  const { label, values, best } = await client.infer(language, inputOf(language, languageInput(readFileSync(path, "utf8"))));
  const chance = 1 / values.reduce((sum, x) => sum + Math.exp((x - values[best]!) * step), 0);
  console.log(`${label} (${(100 * chance).toFixed(0)} %): ${path}`);
}
