import { plain, type Style } from "@noema/node/cli/style";
import { expect, test } from "vitest";
import { type Answer, describeRun, report } from "./report.ts";

const root = `0x${"5a".repeat(32)}` as const;
const digit = (label: number) => ({ label, input: new Uint8Array(784) });
const answer = (label: number, said: number | undefined, i: number): Answer => ({
  digit: digit(label),
  hash: `0x${String(i).padStart(64, "0")}`,
  answer: said,
  ...(said === undefined ? { failure: "execution reverted: no model" } : {}),
  gas: 96_000n + BigInt(i),
  height: 10n + BigInt(i % 2),
  latestMs: 100 * (i + 1),
});
const shown = (answers: Answer[], roots = [root, root], style: Style = plain) =>
  report({ answers, summary: describeRun(answers, 11n, roots), finalityMs: 700.4 }, style);

test("figures, a picture of each digit, one root for all", () => {
  const text = shown([answer(1, 1, 0), answer(1, 1, 1), answer(7, 7, 2)]);
  expect(text).toContain(`${"1, read as 1".padEnd(28)}7, read as 7\n`);
  expect(text).not.toMatch(/wrongly|^\d+ failed/m);
  expect(text).toContain(
    [
      "Result",
      "  3 of 3 right, 0 wrong, 0 failed",
      "  96,001 gas each, in 2 blocks",
      "  submission to latest: p50 200 ms, p95 300 ms, at most 300 ms",
      "  finalized 700 ms after the last",
      "",
      "State root of block 11, the same from 2 validators",
      `  ${root}`,
    ].join("\n"),
  );
});

test("what was read wrongly and what failed are two things; the failed one is red, with its hash and reason", () => {
  const failed = answer(2, undefined, 2);
  const text = shown([answer(1, 1, 0), answer(3, 5, 1), failed], [root, root], (format, x) => `<${format}>${x}</>`);
  expect(text).toContain("3, read as 5");
  expect(text).toContain(`<bold>1 failed</>\n<red>  ${failed.hash}\n  execution reverted: no model</>`);
  expect(text).toContain("<red>1 of 3 right</>, 1 wrong, 1 failed");
});

test("roots that differ are all shown", () => {
  const other = `0x${"66".repeat(32)}` as const;
  expect(shown([answer(1, 1, 0)], [root, other])).toContain(`not the same from 2 validators\n  ${root}\n  ${other}`);
});
