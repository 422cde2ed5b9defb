import { writeFile } from "node:fs/promises";
import { styleFor } from "@noema/node/cli/style";
import { askTrace, type TracedCall } from "./ask-trace.ts";
import { collapsedStacks } from "./collapsed-stacks.ts";
import { flameGraph } from "./flame-graph.ts";
import { askInferences, inferenceLines } from "./inferences.ts";
import { readNames } from "./names.ts";
import { traceTree } from "./tree.ts";

const INFER = `0x${"a01".padStart(40, "0")}`;

export type TraceOptions = { rpc: string; abi?: readonly string[]; flame?: string; json: boolean };

/** Throws DEV_ABI_INVALID, DEV_TRACE_REFUSED, FILE_UNREADABLE, FILE_NOT_JSON, CLI_REQUEST_FAILED. */
export async function showTrace(hash: string, { rpc, abi = [], flame, json }: TraceOptions): Promise<void> {
  const names = readNames(abi);
  const call = await askTrace(rpc, hash);
  if (flame !== undefined) {
    const stacks = collapsedStacks(call, names);
    await writeFile(
      flame,
      flame.endsWith(".svg")
        ? flameGraph(stacks, `gas of ${hash}`)
        : stacks.map(({ frames, gas }) => `${frames.join(";")} ${gas}\n`).join(""),
    );
  }
  if (json) {
    process.stdout.write(`${JSON.stringify(call)}\n`);
    return;
  }
  const style = styleFor(process.stdout);
  const inferences = callsModel(call) ? inferenceLines(await askInferences(rpc, hash), style) : [];
  process.stdout.write(`${[...traceTree(call, names, style), ...inferences].join("\n")}\n`);
}

/** Only then is the transaction run once more for it. */
function callsModel({ to, calls = [] }: TracedCall): boolean {
  return to === INFER || calls.some(callsModel);
}
