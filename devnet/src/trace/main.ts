import { writeFile } from "node:fs/promises";
import { styleFor } from "@noema/node/cli/style";
import { readArtifacts } from "../artifacts/read-folder.ts";
import { askTrace, type TracedCall } from "./ask-trace.ts";
import { collapsedStacks } from "./collapsed-stacks.ts";
import { failureLines } from "./failure-lines.ts";
import { flameGraph } from "./flame-graph.ts";
import { askInferences, inferenceLines } from "./inferences.ts";
import { readNames } from "./names.ts";
import { traceTree } from "./tree.ts";

const INFER = `0x${"a01".padStart(40, "0")}`;

export type TraceOptions = { rpc: string; abi?: readonly string[]; artifacts?: readonly string[]; flame?: string; json: boolean };

/** Throws DEV_ABI_INVALID, DEV_ARTIFACTS_INVALID, DEV_TRACE_REFUSED, FILE_UNREADABLE, FILE_NOT_JSON, CLI_REQUEST_FAILED. */
export async function showTrace(hash: string, { rpc, abi = [], artifacts = [], flame, json }: TraceOptions): Promise<void> {
  const contracts = artifacts.flatMap(readArtifacts);
  const names = readNames(abi, contracts);
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
  const failed = call.error === undefined || contracts.length === 0 ? [] : ["", ...(await failureLines(rpc, hash, names, contracts))];
  process.stdout.write(`${[...traceTree(call, names, style), ...inferences, ...failed].join("\n")}\n`);
}

/** Only then is the transaction run once more for it. */
function callsModel({ to, calls = [] }: TracedCall): boolean {
  return to === INFER || calls.some(callsModel);
}
