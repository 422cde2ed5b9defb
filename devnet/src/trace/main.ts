import { writeFile } from "node:fs/promises";
import { styleFor } from "@noema/node/cli/style";
import { askTrace } from "./ask-trace.ts";
import { collapsedStacks } from "./collapsed-stacks.ts";
import { flameGraph } from "./flame-graph.ts";
import { readNames } from "./names.ts";
import { traceTree } from "./tree.ts";

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
  process.stdout.write(json ? `${JSON.stringify(call)}\n` : `${traceTree(call, names, styleFor(process.stdout)).join("\n")}\n`);
}
