/** A transaction's calls as lines: who was called with what, gas, value; below each what it called, logged and failed with. */
import type { Style } from "@noema/node/cli/style";
import { formatEther } from "viem";
import { grouped } from "../words.ts";
import type { TracedCall, TracedLog } from "./ask-trace.ts";
import type { Names } from "./names.ts";

type Child = { call: TracedCall } | { log: TracedLog } | { end: string };

export function traceTree(root: TracedCall, names: Names, style: Style): string[] {
  const below = (call: TracedCall, indent: string): string[] => {
    const all = children(call, names);
    return all.flatMap((child, i) => {
      const last = i === all.length - 1;
      const [branch, deeper] = [`${indent}${last ? "└─ " : "├─ "}`, `${indent}${last ? "   " : "│  "}`];
      if ("end" in child) return [`${branch}${style("red", child.end)}`];
      if ("log" in child) return [`${branch}${style("dim", `emit ${names.log(child.log)}`)}`];
      const said = names.console(child.call);
      if (said !== undefined) return [`${branch}console.log: ${said}`];
      return [`${branch}${head(child.call, names, style)}`, ...below(child.call, deeper)];
    });
  };
  return [head(root, names, style), ...below(root, "")];
}

/** In the order in which they happened; why it failed stands last. */
function children(call: TracedCall, names: Names): Child[] {
  const { calls = [], logs = [], error } = call;
  const at = (position: number) => logs.filter((x) => Number(x.position) === position).map((log) => ({ log }));
  const inside = calls.flatMap((inner, i) => [...at(i), { call: inner }]);
  return [...inside, ...at(calls.length), ...(error === undefined ? [] : [{ end: names.failure(call) }])];
}

function head(call: TracedCall, names: Names, style: Style): string {
  const { type, to, gasUsed, value = "0x0", error } = call;
  const ether = BigInt(value) === 0n ? "" : ` {value: ${formatEther(BigInt(value))} ether}`;
  const line = `[${grouped(BigInt(gasUsed))}] ${type} ${to ?? "a new contract"} ${names.call(call)}${ether}`.trimEnd();
  return error === undefined ? line : style("red", line);
}
