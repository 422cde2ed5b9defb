/** What documents show to be typed: e2e/examples/documents.e2e.ts runs it; here stands what can be judged without a chain. */
import { expect, test } from "vitest";
import { commandTree } from "../bin/command-tree.ts";
import { blocksOf, pages } from "./testing/blocks.ts";
import { shownCommands, wrongOf } from "./testing/shown-commands.ts";

const tree = await commandTree();

/** Blocks that no test runs, by page: what they show is tried by hand, or by the test that is named. This list only shrinks. */
const UNRUN: Record<string, number> = {
  "CONTRIBUTING.md": 1, // all tests
  "README.md": 2, // installs and starts: e2e/lifecycle, e2e/package
  "bench/README.md": 2,
  "consensus/README.md": 1,
  "converter/README.md": 1,
  "da-layer/README.md": 1,
  "docs/first-hour/benchmark.md": 2, // minutes each
  "docs/first-hour/dapp.md": 4, // forge and Hardhat: test:tools; four devnets; e2e/package/create-devnet.e2e.ts
  "docs/first-hour/validator.md": 4, // e2e/faults, e2e/lifecycle/follower.full.ts
  "docs/models.md": 1, // the devnet on which the others run
  "e2e/README.md": 1,
  "examples/gate/README.md": 1, // as in docs/models.md
  "examples/language/README.md": 1, // language.full.ts
  "examples/reader/README.md": 2, // e2e/package/new-project.full.ts
  "execution/README.md": 1,
  "llms.txt": 1, // installs and starts
  "precompiles/README.md": 3,
};

const all = pages.flatMap((page) => blocksOf(page));

test("every block says what it is in", () => {
  const languages = ["sh", "js", "ts", "solidity", "java", "text"];
  expect(all.filter((x) => !languages.includes(x.language)).map((x) => `${x.page}:${x.line}`)).toEqual([]);
  expect(all.length).toBeGreaterThan(50);
});

test("blocks that no test runs are those that are listed", () => {
  expect([...new Set(all.flatMap((x) => x.words))]).toEqual(["unrun"]);
  const unrun = Object.groupBy(all.filter((x) => x.words.includes("unrun")), (x) => x.page); // biome-ignore format: one line
  expect(Object.fromEntries(Object.entries(unrun).map(([page, x]) => [page, x?.length]))).toEqual(UNRUN);
});

test.each(pages)("%s shows commands that exist, with options that they take", (page) => {
  expect(shownCommands(page).flatMap((x) => wrongOf(x, tree)?.concat(`: ${x.text}`) ?? [])).toEqual([]);
});

test("what does not exist is found", () => {
  expect(pages.flatMap((x) => shownCommands(x)).length).toBeGreaterThan(100);
  const wrong = (text: string) => shownCommands("README.md", text).map((x) => wrongOf(x, tree));
  expect(wrong("`npm run noema -- da putt FILE` and `npm run noema -- nonsense`")).toEqual([undefined, "there is no command nonsense"]);
  expect(wrong("```sh\nnpm run devnet -- --validator 1 # one\n```\n")).toEqual(["devnet has no --validator"]);
  expect(wrong("`npm run devnet -- --validators 99`")).toEqual([expect.stringContaining("--validators 99")]);
  expect(() => wrong("`npm run nonsense`")).toThrow("there is no script nonsense");
});
