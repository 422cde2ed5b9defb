/** Scenes of a terminal, one after another, as one SVG that plays by CSS alone; without animation it shows the last state. */
import { SIZE } from "./pty.ts";
import type { LineState, Replay, Run } from "./terminal.ts";

export type Scene = Replay & { title: string };

const CELL = { width: 8.4, height: 18 };
const PADDING = 16;
const BAR = 34;
/** The last state of a scene stands this long. */
const HOLD_MS = 2500;
const LAST_HOLD_MS = 6000;
/** Block characters are drawn, so that pictures have no seams in any font: [left, top, width, height] of the cell. */
const BLOCKS: Record<string, readonly [number, number, number, number]> = {
  "█": [0, 0, 1, 1],
  "▀": [0, 0, 1, 0.5],
  "▄": [0, 0.5, 1, 0.5],
  "▌": [0, 0, 0.5, 1],
  "▐": [0.5, 0, 0.5, 1],
  ...Object.fromEntries([..."▏▎▍▋▊▉"].map((c, i) => [c, [0, 0, ([1, 2, 3, 5, 6, 7][i] as number) / 8, 1] as const])),
};

const escapeXml = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const round = (n: number) => String(Math.round(n * 100) / 100);

export function animatedSvg(scenes: readonly Scene[]): string {
  const starts = scenes.map((_, i) => scenes.slice(0, i).reduce((sum, x) => sum + x.length + HOLD_MS, 0));
  const total = (starts.at(-1) as number) + (scenes.at(-1) as Scene).length + LAST_HOLD_MS;
  const columns = Math.max(...scenes.flatMap((x) => x.lines.flatMap((line) => line.runs.map((run) => run.column + run.text.length))));
  const width = round(columns * CELL.width + 2 * PADDING);
  const height = round(SIZE.rows * CELL.height + BAR + 2 * PADDING);
  const rules = new Rules(total);
  const body = scenes.map((scene, i) => {
    const start = starts[i] as number;
    const end = starts[i + 1] ?? Number.POSITIVE_INFINITY;
    return `<g class="${rules.shown(start, end)}"><text class="title" x="${Number(width) / 2}" y="22">${escapeXml(scene.title)}</text>
<g transform="translate(${PADDING} ${BAR + PADDING / 2})" clip-path="url(#screen)">
<g class="${rules.scrolled(scene.scrolls.map((x) => ({ at: start + x.at, y: -x.top * CELL.height })))}">
${drawLines(scene.lines, start, end, rules)}</g></g></g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<style>
text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#d8dee9;white-space:pre}
.title{font-family:system-ui,sans-serif;font-size:13px;fill:#8b93a5;text-anchor:middle}
g rect{shape-rendering:crispEdges}
.b{font-weight:700}.d{opacity:.6}
${rules.css()}
</style>
<title>${escapeXml(scenes.map((x) => x.title).join("; "))}</title>
<clipPath id="screen"><rect width="${width}" height="${SIZE.rows * CELL.height}"/></clipPath>
<rect width="100%" height="100%" rx="10" fill="#12151c"/>
<g fill="#3b4252"><circle cx="20" cy="17" r="5.5"/><circle cx="38" cy="17" r="5.5"/><circle cx="56" cy="17" r="5.5"/></g>
${body.join("\n")}
</svg>
`;
}

/** Lines of the same times share a group. */
function drawLines(lines: readonly LineState[], start: number, end: number, rules: Rules): string {
  const groups = Map.groupBy(lines, (x) => rules.shown(start + x.from, Math.min(end, start + x.to)));
  return [...groups].map(([name, members]) => `<g class="${name}">${members.map(drawLine).join("")}</g>\n`).join("");
}

function drawLine({ row, runs }: LineState): string {
  return runs.map((run) => background(run, row) + blocks(run, row) + letters(run, row)).join("");
}

function rect(column: number, row: number, [x, y, w, h]: readonly number[], fill: string): string {
  const left = (column + (x as number)) * CELL.width;
  const top = (row + (y as number)) * CELL.height;
  const size = `width="${round((w as number) * CELL.width)}" height="${round((h as number) * CELL.height)}"`;
  return `<rect x="${round(left)}" y="${round(top)}" ${size} fill="${fill}"/>`;
}

function background(run: Run, row: number): string {
  return run.background === undefined ? "" : rect(run.column, row, [0, 0, run.text.length, 1], run.background);
}

/** Neighbours of one kind are one rectangle. */
function blocks(run: Run, row: number): string {
  return [...run.text.matchAll(/█+|▀+|▄+|[▌▐▏▎▍▋▊▉]/g)]
    .map((match) => {
      const [x, y, w, h] = BLOCKS[match[0][0] as string] as readonly [number, number, number, number];
      return rect(run.column + match.index, row, [x, y, match[0].length - 1 + w, h], run.color ?? "#d8dee9");
    })
    .join("");
}

function letters(run: Run, row: number): string {
  const text = run.text.replaceAll(/[█▀▄▌▐▏▎▍▋▊▉]/g, " ");
  if (text.trim() === "") return "";
  const lead = text.length - text.trimStart().length;
  const shown = text.trim();
  const names = [run.bold ? "b" : "", run.dim ? "d" : ""].filter((x) => x !== "").join(" ");
  const style = `${names === "" ? "" : ` class="${names}"`}${run.color === undefined ? "" : ` style="fill:${run.color}"`}`;
  const place = `x="${round((run.column + lead) * CELL.width)}" y="${round((row + 0.74) * CELL.height)}"`;
  return `<text ${place} textLength="${round(shown.length * CELL.width)}" lengthAdjust="spacingAndGlyphs"${style}>${escapeXml(shown)}</text>`;
}

/** CSS rules by what they do, each once. */
class Rules {
  readonly #total: number;
  readonly #names = new Map<string, string>();

  constructor(total: number) {
    this.#total = total;
  }

  shown(from: number, to: number): string {
    const last = to >= this.#total;
    const steps = [
      `${from > 0 ? "0%{visibility:hidden}" : ""}${this.#at(from)}{visibility:visible}`,
      last ? "" : `${this.#at(to)}{visibility:hidden}`,
    ];
    return this.#name(steps.join(""), `visibility:${last ? "visible" : "hidden"}`);
  }

  scrolled(steps: readonly { at: number; y: number }[]): string {
    const rule = (y: number) => `transform:translateY(${round(y)}px)`;
    return this.#name(`0%{${rule(0)}}${steps.map((x) => `${this.#at(x.at)}{${rule(x.y)}}`).join("")}`, rule(steps.at(-1)?.y ?? 0));
  }

  css(): string {
    const seconds = round(this.#total / 1000);
    const still = [...this.#names].map(([key, name]) => `.${name}{${key.split("|")[0]}}`);
    const moving = [...this.#names].map(
      ([key, name]) => `@keyframes ${name}{${key.split("|")[1]}}.${name}{animation:${name} ${seconds}s step-end infinite}`,
    );
    return `${still.join("")}\n@media (prefers-reduced-motion:no-preference){\n${moving.join("\n")}\n}`;
  }

  #at(ms: number): string {
    return `${Math.round((100_000 * ms) / this.#total) / 1000}%`;
  }

  #name(frames: string, still: string): string {
    const key = `${still}|${frames}`;
    const name = this.#names.get(key) ?? `k${this.#names.size}`;
    this.#names.set(key, name);
    return name;
  }
}
