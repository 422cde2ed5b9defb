/** Why a transaction failed, as Hardhat tells it: what its contract said, then where, innermost first. */
import { fromHex } from "@noema/core/bytes";
import { revertReason } from "@noema/execution/trace/revert-reason";
import type { Hex } from "viem";
import type { CompiledContract } from "../artifacts/compiled.ts";
import { type FailedFrame, type StackLine, sourceStack } from "../artifacts/source-stack.ts";
import { askNode } from "./ask-node.ts";
import type { Names } from "./names.ts";

/** None where it did not fail, or the node does not tell. Throws CLI_REQUEST_FAILED. */
export async function failureLines(rpc: string, hash: string, names: Names, contracts: readonly CompiledContract[]): Promise<string[]> {
  const { result: frames } = await askNode<FailedFrame[] | null>(rpc, "noema_traceFailure", [hash]);
  const last = frames?.at(-1);
  if (frames === null || frames === undefined || last === undefined) return [];
  const codes = new Map<string, Promise<string>>();
  const codeAt = (address: string) => {
    const known = codes.get(address) ?? codeOf(rpc, address);
    codes.set(address, known);
    return known;
  };
  const lines = await sourceStack(frames, contracts, codeAt);
  const { error, output } = last;
  const revertedWith = revertReason(fromHex(output));
  const reason = names.failure({ error, output: output as Hex, ...(revertedWith !== undefined && { revertReason: revertedWith }) });
  return [`Error: ${reason}`, ...lines.map(stackLine)];
}

/** Of the newest block: code stays, but for what ends itself. */
async function codeOf(rpc: string, address: string): Promise<string> {
  return (await askNode<string>(rpc, "eth_getCode", [address, "latest"])).result ?? "0x";
}

function stackLine({ name, path, line, column }: StackLine): string {
  return path === undefined ? `    at ${name}` : `    at ${name} (${path}:${line}:${column})`;
}
