/** A flame graph of gas as one SVG: a frame is as wide as the gas of it and all below it. */
import { grouped } from "../words.ts";
import type { Stack } from "./collapsed-stacks.ts";

const WIDTH = 1200;
const ROW = 18;
const TOP = 30;
/** Characters of 11 px that a frame of so many pixels holds. */
const PIXELS_OF_A_CHARACTER = 6.6;
const COLOURS = ["#f4a259", "#f3b561", "#e8924a", "#f6c27a", "#ec8b5e"];

type Box = { name: string; gas: bigint; children: Map<string, Box> };

export function flameGraph(stacks: readonly Stack[], title: string): string {
  const root = boxOf(stacks);
  const rows: string[] = [];
  let deepest = 0;
  const draw = (box: Box, x: number, depth: number) => {
    const width = (WIDTH * Number(box.gas)) / Math.max(1, Number(root.gas));
    if (width < 0.1) return;
    deepest = Math.max(deepest, depth);
    if (depth > 0)
      rows.push(rectangle(box, { x, y: TOP + ROW * (depth - 1), width, colour: COLOURS[rows.length % COLOURS.length] as string }));
    let at = x;
    for (const child of box.children.values()) {
      draw(child, at, depth + 1);
      at += (WIDTH * Number(child.gas)) / Math.max(1, Number(root.gas));
    }
  };
  draw(root, 0, 0);
  const head = `<text x="4" y="20" font-size="14">${escaped(title)}: ${grouped(root.gas)}</text>`;
  const size = `width="${WIDTH}" height="${TOP + ROW * deepest + 10}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="monospace" font-size="11">\n${head}\n${rows.join("\n")}\n</svg>\n`;
}

function boxOf(stacks: readonly Stack[]): Box {
  const root: Box = { name: "", gas: 0n, children: new Map() };
  for (const { frames, gas } of stacks) {
    let box = root;
    box.gas += gas;
    for (const name of frames) {
      const child: Box = box.children.get(name) ?? { name, gas: 0n, children: new Map() };
      child.gas += gas;
      box.children.set(name, child);
      box = child;
    }
  }
  return root;
}

function rectangle({ name, gas }: Box, { x, y, width, colour }: { x: number; y: number; width: number; colour: string }): string {
  const fits = Math.floor(width / PIXELS_OF_A_CHARACTER);
  const label = fits < 3 ? "" : name.slice(0, fits);
  const at = `x="${x.toFixed(2)}" y="${y}" width="${width.toFixed(2)}" height="${ROW - 1}"`;
  const text = label === "" ? "" : `<text x="${(x + 3).toFixed(2)}" y="${y + 12}">${escaped(label)}</text>`;
  return `<g><title>${escaped(name)}: ${grouped(gas)} gas</title><rect ${at} fill="${colour}"/>${text}</g>`;
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
