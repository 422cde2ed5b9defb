// Subsquid's processor over the node alone: the token's transfers, with their calls from traces. Prints a line of JSON for each step.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { EvmBatchProcessor } from "@subsquid/evm-processor";

const { NODE_URL } = process.env;
const { address, last, transfers } = JSON.parse(readFileSync("token.json", "utf8"));
const TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

/** Keeps nothing between runs. */
const database = {
  supportsHotBlocks: false,
  connect: async () => ({ height: -1, hash: "0x" }),
  transact: (_, handle) => handle({}),
};

async function index(preferTraceApi) {
  const seen = { values: [], calls: [] };
  const processor = new EvmBatchProcessor()
    .setRpcEndpoint({ url: NODE_URL, rateLimit: 50 })
    .setRpcDataIngestionSettings({ preferTraceApi, headPollInterval: 200 })
    .setFinalityConfirmation(1)
    .setBlockRange({ from: 0, to: last })
    .setFields({ log: { topics: true, data: true }, trace: { callTo: true, callSighash: true } })
    .addLog({ address: [address], topic0: [TRANSFER], transaction: true })
    .addTrace({ type: ["call"], callTo: [address] });
  await new Promise((resolve, reject) => {
    processor.run(database, async ({ blocks }) => {
      for (const block of blocks) {
        seen.values.push(...block.logs.map((log) => Number(log.data)));
        seen.calls.push(...block.traces.map((trace) => trace.action.sighash));
      }
      if (blocks.at(-1)?.header.height === last) resolve();
    });
    process.once("beforeExit", () => reject(new Error("ended early")));
  });
  assert.deepEqual(seen.values, transfers);
  assert.deepEqual(
    seen.calls,
    transfers.slice(1).map(() => "0xa9059cbb"),
  );
}

const how = process.argv[2];
await index(how === "trace").then(
  () => console.log(JSON.stringify({ step: `transfers and calls by ${how}_*` })),
  (error) => console.log(JSON.stringify({ step: `transfers and calls by ${how}_*`, error: error.message })),
);
process.exit();
