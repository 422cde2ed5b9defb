/** Lying bars: one value each with the range of its runs, or parts one behind another. */
import { element, picture, seriesClass, short, text, ticks } from "./svg.ts";

export type Bar = {
  label: string;
  /** From left to right. */
  parts: readonly { name: string; value: number }[];
  /** Least and most of the runs. */
  range?: readonly [number, number];
};

const WIDTH = 760;
const LEFT = 150;
const RIGHT = 80;
const ROW = 34;
const BAR = 18;

export function barChart(title: string, unit: string, bars: readonly Bar[]): string {
  const names = [...new Set(bars.flatMap((x) => x.parts.map((p) => p.name)))];
  const total = (bar: Bar) => bar.parts.reduce((sum, x) => sum + x.value, 0);
  const marks = ticks(Math.max(...bars.map((x) => Math.max(total(x), x.range?.[1] ?? 0))));
  const x = (value: number) => LEFT + ((WIDTH - LEFT - RIGHT) * value) / (marks.at(-1) as number);
  const bottom = bars.length * ROW + 8;
  const grid = marks.flatMap((mark) => [
    element("line", { class: "grid", x1: x(mark), x2: x(mark), y1: 4, y2: bottom }),
    text(x(mark), bottom + 16, short(mark), { "text-anchor": "middle", class: "axis" }),
  ]);
  const rows = bars.flatMap((bar, k) => {
    const top = k * ROW + 8;
    let from = 0;
    const parts = bar.parts.map(({ name, value }) => {
      const tip = element("title", {}, `${bar.label}, ${name}: ${short(value)} ${unit}`);
      const rect = element(
        "rect",
        { class: seriesClass(names.indexOf(name)), x: x(from), y: top, width: x(from + value) - x(from), height: BAR },
        tip,
      );
      from += value;
      return rect;
    });
    return [
      text(LEFT - 10, top + 13, bar.label, { "text-anchor": "end" }),
      ...parts,
      whisker(bar.range, top, x),
      text(endOf(bar, total(bar), x), top + 13, short(total(bar)), { class: "value" }),
    ];
  });
  const unitAt = text(WIDTH - 4, bottom + 16, unit, { "text-anchor": "end", class: "axis" });
  const chart = picture(WIDTH, bottom + 24, title, ...grid, ...rows, unitAt);
  return names.length > 1 ? `${chart}${legend(names)}` : chart;
}

function endOf(bar: Bar, total: number, x: (value: number) => number): number {
  return x(Math.max(total, bar.range?.[1] ?? 0)) + 8;
}

function whisker(range: Bar["range"], top: number, x: (value: number) => number): string {
  if (range === undefined || range[0] === range[1]) return "";
  const middle = top + BAR / 2;
  const [low, high] = range.map(x) as [number, number];
  const line = (x1: number, y1: number, x2: number, y2: number) => element("line", { class: "whisker", x1, y1, x2, y2 });
  return line(low, middle, high, middle) + line(low, middle - 5, low, middle + 5) + line(high, middle - 5, high, middle + 5);
}

export function legend(names: readonly string[]): string {
  const items = names.map((name, k) => `<span><i class="${seriesClass(k)}"></i>${name}</span>`);
  return `<p class="legend">${items.join("")}</p>`;
}
