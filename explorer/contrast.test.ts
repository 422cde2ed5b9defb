import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("styles/base.css", import.meta.url), "utf8");
const [, dark, light] = /:root \{([^}]*)\}[\s\S]*?:root \{([^}]*)\}/.exec(css) as unknown as [string, string, string];

function colours(block: string): Record<string, string> {
  const found = [...block.matchAll(/--([a-z-]+): #([0-9a-f]{3,6});/g)];
  return Object.fromEntries(
    found.map(([, name, hex]) => [name, (hex as string).length === 3 ? (hex as string).replace(/./g, "$&$&") : hex]),
  );
}

/** WCAG 2.2, relative luminance and contrast ratio. */
function luminance(hex: string): number {
  const [r, g, b] = [0, 2, 4].map((i) => {
    const value = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** `share` of the first in the second, as color-mix in srgb. */
function mix(a: string, b: string, share: number): string {
  const channel = (hex: string, i: number) => Number.parseInt(hex.slice(i, i + 2), 16);
  return [0, 2, 4]
    .map((i) =>
      Math.round(share * channel(a, i) + (1 - share) * channel(b, i))
        .toString(16)
        .padStart(2, "0"),
    )
    .join("");
}

describe.each([
  ["dark", colours(dark)],
  ["light", colours(light)],
])("%s: text is readable (WCAG AA, 4.5)", (_, c) => {
  const of = (name: string) => c[name] as string;
  it.each([
    ...["text", "soft", "good", "warn", "bad"].map((name) => [name, of(name), "card", of("card")]),
    ...["text", "soft"].map((name) => [name, of(name), "page", of("bg")]),
    ...["good", "warn", "bad"].flatMap((kind) =>
      [kind, "text", "soft"].map((name) => [name, of(name), `the ${kind} strip`, mix(of(kind), of("card"), 0.07)]),
    ),
    ["accent-ink", of("accent-ink"), "accent", of("accent")],
    ["card", of("card"), "good", of("good")], // "copied"
    ["soft", of("soft"), "a disabled button", of("line")],
  ])("%s (#%s) on %s (#%s)", (_name, text, _where, ground) => {
    expect(contrast(text as string, ground as string)).toBeGreaterThanOrEqual(4.5);
  });
});
