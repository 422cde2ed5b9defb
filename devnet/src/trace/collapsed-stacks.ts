/** Gas by the stack that used it, the form that flame graph tools read: Brendan Gregg's collapsed stacks. */
import type { TracedCall } from "./ask-trace.ts";
import type { Names } from "./names.ts";

/** `gas`: of the last frame, without those below it. */
export type Stack = { frames: readonly string[]; gas: bigint };

export function collapsedStacks(root: TracedCall, names: Names): Stack[] {
  const stacks: Stack[] = [];
  const visit = (call: TracedCall, above: readonly string[]) => {
    const frames = [...above, nameOf(call, names)];
    const { calls = [] } = call;
    const inside = calls.reduce((sum, x) => sum + BigInt(x.gasUsed), 0n);
    const own = BigInt(call.gasUsed) - inside;
    stacks.push({ frames, gas: own > 0n ? own : 0n }); // a refund is the whole transaction's
    for (const inner of calls) visit(inner, frames);
  };
  visit(root, []);
  return stacks.filter(({ gas }) => gas > 0n);
}

/** Without what separates frames, and without arguments: equal functions are one frame. */
function nameOf(call: TracedCall, names: Names): string {
  const { type, to = "new" } = call;
  const words = names.call(call).replace(/\(.*|\s.*/s, "");
  return `${type} ${to.slice(0, 10)} ${words}`.trim().replaceAll(";", ",");
}
