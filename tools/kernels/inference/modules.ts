/** Modules of the inference kernels that follow from the operators' table: what a descriptor holds, and which kernel runs a code. */
import { DESCRIPTOR_WORDS, FIELDS } from "../../../precompiles/src/operators/shared/descriptor.ts";
import { OPERATORS } from "../../../precompiles/src/operators/table.ts";

const TYPES = { i32: "i32", address: "usize" } as const;
const LOADS = { i32: "load<i32>", address: "load<u32>" } as const;

export function descriptorSource(): string {
  const accessors = Object.entries(FIELDS).map(
    ([name, kind], word) => `@inline export function ${name}(d: usize): ${TYPES[kind]} { return ${LOADS[kind]}(d, ${4 * word}); }`,
  );
  return [`@inline export const WORDS: usize = ${DESCRIPTOR_WORDS};`, ...accessors, ""].join("\n");
}

export function dispatchSource(): string {
  const operators = Object.values(OPERATORS);
  const kernels = [...new Set(operators.map(({ kernel }) => kernel))];
  const cases = kernels.map((kernel) => {
    const codes = operators.filter((x) => x.kernel === kernel).map(({ code }) => `case ${code}:`);
    return `    ${codes.join(" ")} ${kernel}(d); break;`;
  });
  return [
    'import { kind } from "./descriptor";',
    ...kernels.map((kernel) => `import { ${kernel} } from "./${kernel}";`),
    "export function step(d: usize): void {",
    "  switch (kind(d)) {",
    ...cases,
    "    default: unreachable();",
    "  }",
    "}",
    "",
  ].join("\n");
}
