// Whole models inside linear memory: one call runs every operator of a plan. tools/kernels writes the modules `descriptor`
// (operators/shared/descriptor.ts) and `dispatch` (from operator code to kernel, operators/table.ts).
import { WORDS } from "./descriptor";
import { step } from "./dispatch";

export function run(plan: usize, operators: i32): void {
  for (let i = 0; i < operators; i++) {
    step(plan);
    plan += WORDS << 2;
  }
}
