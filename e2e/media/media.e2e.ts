/** From a terminal's bytes to the picture: what stands where, when, in which colour. */
import { expect, it } from "vitest";
import { paced } from "./pty.ts";
import { animatedSvg } from "./svg.ts";
import { replay } from "./terminal.ts";

const SMALL = { columns: 20, rows: 3 };

it("keeps each state of a line with its time, its colour and its row", async () => {
  const { lines, scrolls } = await replay(
    [
      { at: 0, text: "1 of 2" },
      { at: 500, text: "\r\u001b[31m2 of 2\u001b[0m\r\nb\r\n" },
      { at: 900, text: "c\r\nd" },
    ],
    SMALL,
  );
  const states = lines.map(({ row, from, to, runs }) => [row, from, to, runs.map((x) => x.text).join("|"), runs[0]?.color !== undefined]);
  expect(states).toEqual([
    [0, 0, 500, "1 of 2", false],
    [0, 500, Number.POSITIVE_INFINITY, "2 of 2", true],
    [1, 500, Number.POSITIVE_INFINITY, "b", false],
    [2, 900, Number.POSITIVE_INFINITY, "c", false],
    [3, 900, Number.POSITIVE_INFINITY, "d", false],
  ]);
  expect(scrolls).toEqual([
    { at: 0, top: 0 },
    { at: 900, top: 1 },
  ]);
});

it("shortens pauses and gives each line its time", () => {
  const chunks = [
    { at: 0, text: "a\nb\n" },
    { at: 9000, text: "c" },
  ];
  expect(paced(chunks, 700, 50).map((x) => x.at)).toEqual([50, 100, 800]);
});

it("draws blocks, escapes text and shows the last state where nothing moves", async () => {
  const scene = { title: "a < b", ...(await replay([{ at: 0, text: "x\r\u001b[K██ <&" }], SMALL)) };
  const svg = animatedSvg([scene]);
  expect(svg).toContain("<title>a &lt; b</title>");
  expect(svg).toContain(">&lt;&amp;</text>");
  expect(svg.match(/<rect [^>]*width="16.8"/g)).toHaveLength(1);
  expect(svg).toContain("@media (prefers-reduced-motion:no-preference)");
});
