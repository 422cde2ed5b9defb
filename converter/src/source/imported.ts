import type { Graph } from "../ir/graph.ts";
import type { Laid } from "./laid.ts";

export interface Imported {
  graph: Graph;
  /** The graph's input as the source has it: data for the source is laid out so. */
  input: Laid;
}
