/** Rows and who holds each, the cells that were drawn, and how the confidence rises with them. */
import { byId, make, write } from "./dom.ts";

const CELLS = 128;
/** Of a circle: neighbours differ most. */
const GOLDEN_DEGREES = 137.5;

type Shape = { rows: number; needed: number; holders: readonly number[] };

const canvas = () => byId<HTMLCanvasElement>("sample-grid");
const hue = (holder: number) => Math.round(210 + GOLDEN_DEGREES * holder) % 360;

export function saySample(text: string, kind: "" | "good" | "bad" = ""): void {
  write("sample-said", text);
  byId("sample-said").className = `said ${kind}`;
}

/** One line a row, in its holder's colour. */
export function showRows({ rows, needed, holders }: Shape): void {
  const grid = canvas();
  grid.height = rows;
  grid.style.height = `${Math.min(6, Math.max(2, Math.floor(240 / rows))) * rows}px`;
  grid.hidden = false;
  const context = grid.getContext("2d") as CanvasRenderingContext2D;
  for (let slot = 0; slot < rows; slot++) {
    context.fillStyle = `hsl(${hue(holders[slot] ?? 0)} 35% 42%)`;
    context.fillRect(0, slot, CELLS, 1);
  }
  const counts = new Map<number, number>();
  for (const holder of holders) counts.set(holder, (counts.get(holder) ?? 0) + 1);
  const legend = [...counts]
    .sort(([a], [b]) => a - b)
    .map(([holder, count]) => {
      const dot = make("i");
      dot.style.background = `hsl(${hue(holder)} 35% 42%)`;
      return make("li", {}, dot, `Validator ${holder}: ${count} rows`);
    });
  byId("sample-holders").replaceChildren(...legend);
  grid.setAttribute("aria-label", `${rows} rows of ${CELLS} cells; any ${needed} rows rebuild the blob`);
}

/** `chance`: that the blob cannot be rebuilt, and these cells are there all the same. */
export function showSample(slot: number, cell: number, done: number, total: number, chance: number): void {
  const context = canvas().getContext("2d") as CanvasRenderingContext2D;
  context.fillStyle = "#fff";
  context.fillRect(cell, slot, 1, 1);
  byId<HTMLProgressElement>("sample-progress").value = done / total;
  const confidence = chance < 1e-4 ? `1 − ${chance.toExponential(1)}` : `${(100 * (1 - chance)).toFixed(2)} %`;
  saySample(`${done} of ${total} cells are there and proven: confidence ${confidence}`, done === total ? "good" : "");
}

export function clearSample(): void {
  canvas().hidden = true;
  byId("sample-holders").replaceChildren();
  byId<HTMLProgressElement>("sample-progress").value = 0;
}
