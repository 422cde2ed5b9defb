/** What the passes share. A pass takes a graph and returns another; nodes and values are never changed. */
import { type Graph, type Node, readers, type Value } from "../graph.ts";

export type Pass = (graph: Graph) => Graph;

/** Nodes with their inputs renamed; what is renamed to is made before. */
export function renamed(graph: Graph, names: ReadonlyMap<Value, Value>): Graph {
  const of = (value: Value): Value => {
    const to = names.get(value);
    return to === undefined ? value : of(to);
  };
  return {
    input: graph.input,
    output: of(graph.output),
    nodes: graph.nodes.map((node) => (node.inputs.some((x) => names.has(x)) ? { ...node, inputs: node.inputs.map(of) } : node)),
  };
}

/** Of nodes whose result only one other reads: that reader. */
export function onlyReader(graph: Graph): (value: Value) => Node | undefined {
  const all = readers(graph);
  return (value) => {
    const found = all.get(value) ?? [];
    return found.length === 1 && value !== graph.output && found[0]!.inputs.filter((x) => x === value).length === 1 ? found[0] : undefined;
  };
}

/** Replaces nodes: `by` gives for each what stands in its place, undefined for itself. */
export function replaced(graph: Graph, by: (node: Node) => readonly Node[] | undefined): Graph {
  return { ...graph, nodes: graph.nodes.flatMap((node) => by(node) ?? [node]) };
}

/** Without nodes whose results nobody reads. */
export function withoutDead(graph: Graph): Graph {
  const needed = new Set([graph.output]);
  const nodes = [...graph.nodes].reverse().filter((node) => {
    if (!needed.has(node.output)) return false;
    for (const value of node.inputs) needed.add(value);
    return true;
  });
  return { ...graph, nodes: nodes.reverse() };
}

/** Repeats a pass that does one step until it changes nothing. */
export function untilStill(pass: Pass): Pass {
  return (graph) => {
    for (let before = graph; ; ) {
      const after = pass(before);
      if (after === before) return after;
      before = after;
    }
  };
}
