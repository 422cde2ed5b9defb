/** From what a source says to what a file can hold, equal as functions of reals. */
import type { Graph } from "./graph.ts";
import { foldAffine, foldPads, withoutLastSoftmax } from "./passes/fold.ts";
import { simplifyMoves } from "./passes/moves.ts";
import { foldFactors, toFileOperators } from "./passes/products.ts";
import { withoutDead } from "./passes/rewrite.ts";
import { toTables } from "./passes/tables.ts";

export function prepare(graph: Graph, keepSoftmax = false): Graph {
  const passes = [
    withoutDead,
    simplifyMoves,
    ...(keepSoftmax ? [] : [withoutLastSoftmax]),
    foldFactors,
    foldPads,
    foldAffine,
    toTables,
    toFileOperators,
    foldAffine,
    toTables,
    simplifyMoves,
    withoutDead,
  ];
  return passes.reduce((before, pass) => pass(before), graph);
}
