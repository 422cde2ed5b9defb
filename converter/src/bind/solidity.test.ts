import { expect, it } from "vitest";
import { solidityOf } from "./solidity.ts";

const written = (scale: number) => {
  const end = { shape: [2], elements: 2, zeroPoint: 3, scale, encoding: "bytes" };
  return solidityOf({ name: "Net", description: "a net", modelId: `0x${"11".repeat(32)}`, input: end, output: { ...end, int32: false } });
};

it("scales keep their digits, however small they are", () => {
  expect(written(0.03125)).toContain("INPUT_STEP = 31250000000000000;");
  expect(written(1.25e-12)).toContain("INPUT_STEP = 1250000;");
  expect(written(1.25e-12)).toContain("- (3)) * 1250000;");
  expect(written(123456)).toContain("INPUT_STEP = 123456000000000000000000;");
});

it("int32 scores have a best one and a label; the index of an ARGMAX has none", () => {
  const end = { shape: [2], elements: 2, zeroPoint: 0, encoding: "bytes" };
  const of = (labels: string[]) =>
    solidityOf({
      name: "Net",
      description: "a net",
      modelId: `0x${"11".repeat(32)}`,
      input: end,
      output: { ...end, int32: true, labels },
    });
  expect(of(["a", "b"])).toContain("function label(Result memory result)");
  expect(of(["a", "b", "c"])).not.toContain("function best(");
});
