/** What was seen, as a table for a terminal, or as a line for each node. */
import type { Style } from "../style.ts";
import type { Seen } from "./observe.ts";

const COLUMNS = ["node", "state", "height", "lag", "epoch/view", "peers", "heard", "voted", "missed"] as const;
const COLOUR: Record<string, "green" | "yellow" | "red"> = { synced: "green", syncing: "yellow" };

const cells = (x: Seen): string[] => [
  x.index === undefined ? x.url : `${x.url} (${x.index})`,
  x.state,
  ...[x.height, x.lag, x.view, x.peers, x.heard, x.voted, x.missed].map((value) => String(value ?? "-")),
];

/** `width`: of the terminal. Each line fits. */
export function table(seen: readonly Seen[], style: Style, width: number): string {
  const rows = [[...COLUMNS], ...seen.map(cells)];
  const widths = COLUMNS.map((_, i) => Math.max(...rows.map((row) => (row[i] as string).length)));
  const line = (row: readonly string[]) => row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i] as number) : cell.padStart(widths[i] as number))).join("  ").slice(0, width); // biome-ignore format: one line
  const lines = [style("bold", line(COLUMNS))];
  for (const x of seen) {
    const text = line(cells(x));
    lines.push(style(COLOUR[x.state] ?? "red", text));
    if (x.cause !== undefined) lines.push(`  ${x.cause}`.slice(0, width));
  }
  return lines.join("\n");
}

/** One JSON object: whoever reads it is no terminal. */
export const plainLine = (at: string, seen: Seen): string => JSON.stringify({ time: at, ...seen });
