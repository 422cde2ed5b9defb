/** What `bench stacks` found: bench/records/stacks-<commit>.json. */
import type { Machine } from "../machine.ts";
import type { Cell } from "./compare.ts";

/** `on`: what the stack says it is. `from`: of a record of another machine. */
export type StackCell = (Cell & { on: string; from?: string }) | { missing: string };

export type StacksRecord = {
  format: "noema-stacks/1";
  command: "stacks";
  machine: Machine;
  at: string;
  seed: number;
  /** Due of each model and stack; `seconds` of computing after which a cell ends where it is. */
  inputs: number;
  seconds: number;
  stacks: string[];
  rows: { model: string; cells: StackCell[] }[];
  /** A corrupt shader: what was found of it, or why it was not asked. */
  control: { different: number; inputs: number; refused: string } | { missing: string };
};
