/** The table that docs/models.md has. */
import type { StackCell, StacksRecord } from "./record.ts";

const count = (n: number) => n.toLocaleString("en-US");

function cellText(cell: StackCell): string {
  if ("missing" in cell) return "not run";
  const { inputs, judged, different } = cell;
  const of = judged === inputs ? count(inputs) : `${count(inputs)} (${count(judged)})`;
  if (inputs === 0) return "no time was left";
  return different === 0 ? of : `${of}: ${count(different)} DIFFERENT`;
}

export function table({ stacks, rows }: StacksRecord): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(["model", ...stacks]),
    line(["---", ...stacks.map(() => "---")]),
    ...rows.map(({ model, cells }) => line([model, ...cells.map(cellText)])),
  ].join("\n");
}

/** What a stack ran on, and what was not there: each once. */
export function notes({ stacks, rows, control }: StacksRecord): string[] {
  const of = stacks.map((stack, i) => {
    const cells = rows.map(({ cells }) => cells[i] as StackCell);
    const ran = cells.flatMap((x) => ("missing" in x ? [] : [x.from === undefined ? x.on : `${x.on} (${x.from})`]));
    const missing = cells.flatMap((x) => ("missing" in x ? [x.missing] : []));
    return `${stack}: ${[...new Set([...ran, ...missing.map((x) => `not run, ${x}`)])].join("; ")}`;
  });
  const differences = rows.flatMap(({ cells }) => cells.flatMap((x) => ("missing" in x ? [] : x.differences)));
  const caught =
    "missing" in control
      ? `corrupt shader: not tried, ${control.missing}`
      : `corrupt shader: ${count(control.different)} of ${count(control.inputs)} outputs found different; it does not serve: ${control.refused}`;
  return [...of, caught, ...differences];
}
