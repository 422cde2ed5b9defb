import { expect, it } from "vitest";
import type { Answer } from "./answer.ts";
import { compareAnswers } from "./compare.ts";
import { questionsOf, RANDOM_GRAPHS, RANDOM_OPERATORS } from "./questions.ts";

const answer = (asked: string, ...outputs: string[]): Answer => ({ name: "m", asked, outputs });

it("counts what the judge answered, then WASM, and nothing that neither did", () => {
  const judge = [answer("q", "a", "b"), answer("r", "c")];
  const wasm = [answer("q", "a", "b"), answer("r", "c", "d")];
  expect(compareAnswers([answer("q", "a", "b"), answer("r", "c", "d", "e")], judge, wasm)).toEqual({
    ...{ inputs: 4, judged: 3, different: 0, differences: [] },
  });
});

it("a single other output is a difference, and so is another question", () => {
  const judge = [answer("q", "a", "b")];
  expect(compareAnswers([answer("q", "a", "x")], judge, [])).toMatchObject({
    inputs: 2,
    different: 1,
    differences: [expect.stringContaining("input 1")],
  });
  expect(compareAnswers([answer("other", "a", "b")], judge, [])).toMatchObject({ inputs: 2, different: 2 });
  expect(compareAnswers([], judge, [])).toMatchObject({ inputs: 0, different: 0 });
});

it.each([RANDOM_GRAPHS, RANDOM_OPERATORS, "digits"])(
  "%s: as many inputs as wanted, the same for the same seed, others for another",
  (name) => {
    const all = (seed: number) =>
      [...questionsOf(name, seed, 40)].flatMap(({ inputs }) => inputs.map((x) => Buffer.from(x).toString("hex")));
    expect(all(7)).toHaveLength(40);
    expect(all(7)).toEqual(all(7));
    if (name !== "digits") expect(all(7)).not.toEqual(all(8));
  },
);
