/** SVG as text, and the few things that all charts share. Colours come from the page's style sheet. */

type Attributes = Record<string, string | number>;

export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const list = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === "number" ? round(value) : escapeText(value)}"`,
  );
  return children.length === 0 ? `<${name}${list.join("")}/>` : `<${name}${list.join("")}>${children.join("")}</${name}>`;
}

export function text(x: number, y: number, words: string, attributes: Attributes = {}): string {
  return element("text", { x, y, ...attributes }, escapeText(words));
}

/** `title` is read by screen readers, and shown where the pointer rests. */
export function picture(width: number, height: number, title: string, ...children: readonly string[]): string {
  return element("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" }, element("title", {}, escapeText(title)), ...children);
}

export function escapeText(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Round numbers from 0 to at least `max`, some five of them. */
export function ticks(max: number): number[] {
  if (!(max > 0)) return [0, 1];
  const rough = max / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5, 10].find((x) => x * power >= rough) as number);
  return Array.from({ length: Math.ceil(max / step - 1e-9) + 1 }, (_, k) => k * step);
}

export function short(value: number): string {
  if (Math.abs(value) >= 1e6) return `${trim(value / 1e6)}M`;
  if (Math.abs(value) >= 1e4) return `${trim(value / 1e3)}k`;
  return value.toLocaleString("en-US", { maximumFractionDigits: Math.abs(value) < 10 ? 2 : 0 });
}

function trim(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 1 });
}

/** Class names of the page's series colours. */
const SERIES = 8;
export const seriesClass = (k: number) => `s${k % SERIES}`;
