/** What a terminal shows of a recording: each state of each line with its time, and how far it has scrolled. */
import xterm, { type IBufferCell, type Terminal } from "@xterm/headless";
import type { Chunk } from "./pty.ts";

export type Style = { color: string | undefined; background: string | undefined; bold: boolean; dim: boolean };
export type Run = Style & { column: number; text: string };
/** A line's state from `from` until the next state of its row, in ms. */
export type LineState = { row: number; from: number; to: number; runs: Run[] };
export type Replay = { lines: LineState[]; scrolls: { at: number; top: number }[]; length: number };

/** Chunks nearer to each other than this are one change. */
const FRAME_MS = 60;
const SCROLLBACK = 5000;
const BASE =
  "#3b4252 #f2777a #8fd18f #f0c674 #7aa2f7 #c79bf0 #6cc7d9 #d8dee9 #7f8796 #ff8f92 #a9e5a9 #ffdb8f #9dbbff #dcb8ff #8fe3f3 #ffffff".split(
    " ",
  );

export async function replay(chunks: readonly Chunk[], size: { columns: number; rows: number }): Promise<Replay> {
  const terminal = new xterm.Terminal({ cols: size.columns, rows: size.rows, scrollback: SCROLLBACK, allowProposedApi: true });
  const lines: LineState[] = [];
  const current = new Map<number, { key: string; state: LineState }>();
  const scrolls = [{ at: 0, top: 0 }];
  for (const { at, text } of inFrames(chunks)) {
    await new Promise<void>((done) => terminal.write(text, done));
    const top = terminal.buffer.active.baseY;
    if (top !== scrolls.at(-1)?.top) scrolls.push({ at, top });
    for (let row = 0; row < top + size.rows; row++) {
      const runs = runsOf(terminal, row);
      const key = JSON.stringify(runs);
      const known = current.get(row);
      if (known === undefined ? runs.length === 0 : known.key === key) continue;
      if (known !== undefined) known.state.to = at;
      const state = { row, from: at, to: Number.POSITIVE_INFINITY, runs };
      current.set(row, { key, state });
      lines.push(state);
    }
  }
  terminal.dispose();
  return { lines: lines.filter((x) => x.runs.length > 0 && x.to > x.from), scrolls, length: chunks.at(-1)?.at ?? 0 };
}

function inFrames(chunks: readonly Chunk[]): Chunk[] {
  const frames: Chunk[] = [];
  for (const { at, text } of chunks) {
    const last = frames.at(-1);
    if (last !== undefined && at - last.at < FRAME_MS) last.text += text;
    else frames.push({ at, text });
  }
  return frames;
}

function runsOf(terminal: Terminal, row: number): Run[] {
  const line = terminal.buffer.active.getLine(row);
  const runs: Run[] = [];
  for (let column = 0; line !== undefined && column < line.length; column++) {
    const cell = line.getCell(column);
    if (cell === undefined || cell.getWidth() === 0) continue;
    const style = styleOf(cell);
    const text = cell.getChars() || " ";
    if (text === " " && style.background === undefined) continue;
    const last = runs.at(-1);
    const gap = last === undefined ? -1 : column - last.column - last.text.length;
    if (last !== undefined && gap >= 0 && gap <= 1 && isSame(last, style)) last.text += " ".repeat(gap) + text;
    else runs.push({ column, text, ...style });
  }
  return runs;
}

function isSame(a: Style, b: Style): boolean {
  return a.color === b.color && a.background === b.background && a.bold === b.bold && a.dim === b.dim;
}

function styleOf(cell: IBufferCell): Style {
  const front = cell.isFgDefault() ? undefined : colour(cell.getFgColor(), cell.isFgRGB());
  const back = cell.isBgDefault() ? undefined : colour(cell.getBgColor(), cell.isBgRGB());
  const [color, background] = cell.isInverse() ? [back ?? "#12151c", front ?? "#d8dee9"] : [front, back];
  return { color, background, bold: cell.isBold() !== 0, dim: cell.isDim() !== 0 };
}

/** xterm's palette: 16 named, a cube of 6 x 6 x 6, 24 greys. */
function colour(value: number, rgb: boolean): string {
  const hex = (n: number) => n.toString(16).padStart(2, "0");
  if (rgb) return `#${value.toString(16).padStart(6, "0")}`;
  if (value < 16) return BASE[value] as string;
  if (value >= 232) return `#${hex(8 + 10 * (value - 232)).repeat(3)}`;
  const step = (n: number) => hex(n % 6 === 0 ? 0 : 55 + 40 * (n % 6));
  return `#${step(Math.floor((value - 16) / 36))}${step(Math.floor((value - 16) / 6))}${step(value - 16)}`;
}
