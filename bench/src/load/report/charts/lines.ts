/** Lines over a common axis. */
import { legend } from "./bars.ts";
import { element, picture, seriesClass, short, text, ticks } from "./svg.ts";

export type Line = { name: string; points: readonly (readonly [x: number, y: number])[] };
export type LineChart = {
  title: string;
  x: string;
  y: string;
  lines: readonly Line[];
  /** Words at places of the x axis; without them, round numbers. */
  places?: readonly (readonly [x: number, label: string])[];
  /** A point that is marked, with words. */
  mark?: { x: number; y: number; label: string };
  /** Where y begins; 0 without it. */
  logarithmic?: boolean;
};

const WIDTH = 760;
const HEIGHT = 300;
const LEFT = 64;
const RIGHT = 24;
const TOP = 14;
const BOTTOM = 46;

export function lineChart({ title, x, y, lines, places, mark, logarithmic = false }: LineChart): string {
  const all = lines.flatMap((line) => line.points);
  const across = places ?? ticks(Math.max(...all.map(([at]) => at))).map((at) => [at, short(at)] as const);
  const [left, right] = [across[0]?.[0] ?? 0, across.at(-1)?.[0] ?? 1];
  const highest = Math.max(...all.map(([, value]) => value));
  const marks = logarithmic ? powers(Math.min(...all.map(([, value]) => value)), highest) : ticks(highest);
  const scale = logarithmic ? Math.log10 : (value: number) => value;
  const [low, high] = [scale(marks[0] as number), scale(marks.at(-1) as number)];
  const atX = (value: number) => LEFT + ((WIDTH - LEFT - RIGHT) * (value - left)) / (right - left || 1);
  const atY = (value: number) => HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * (scale(value) - low)) / (high - low || 1);
  const grid = [
    ...marks.flatMap((value) => [
      element("line", { class: "grid", x1: LEFT, x2: WIDTH - RIGHT, y1: atY(value), y2: atY(value) }),
      text(LEFT - 8, atY(value) + 4, short(value), { "text-anchor": "end", class: "axis" }),
    ]),
    ...across.map(([at, label]) => text(atX(at), HEIGHT - BOTTOM + 18, label, { "text-anchor": "middle", class: "axis" })),
    text(WIDTH - RIGHT, HEIGHT - 8, x, { "text-anchor": "end", class: "axis" }),
    text(4, 10, y, { class: "axis" }),
  ];
  const drawn = lines.flatMap(({ name, points }, k) => [
    element("polyline", {
      class: `line ${seriesClass(k)}`,
      points: points.map(([px, py]) => `${atX(px).toFixed(1)},${atY(py).toFixed(1)}`).join(" "),
    }),
    ...(points.length > 40
      ? []
      : points.map(([px, py]) =>
          element(
            "circle",
            { class: seriesClass(k), cx: atX(px), cy: atY(py), r: 3 },
            element("title", {}, `${name}: ${short(py)} at ${short(px)}`),
          ),
        )),
  ]);
  const marked =
    mark === undefined
      ? []
      : [
          element("circle", { class: "mark", cx: atX(mark.x), cy: atY(mark.y), r: 7 }),
          text(atX(mark.x), atY(mark.y) - 12, mark.label, { "text-anchor": atX(mark.x) > WIDTH / 2 ? "end" : "start", class: "value" }),
        ];
  const chart = picture(WIDTH, HEIGHT, title, ...grid, ...drawn, ...marked);
  return lines.length > 1 ? `${chart}${legend(lines.map((line) => line.name))}` : chart;
}

function powers(least: number, most: number): number[] {
  const from = Math.floor(Math.log10(Math.max(least, 0.1)));
  const to = Math.max(from + 1, Math.ceil(Math.log10(most)));
  return Array.from({ length: to - from + 1 }, (_, k) => 10 ** (from + k));
}
