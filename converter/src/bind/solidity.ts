/** A library for one model: types of its own for input and result, so that another model's, or bare bytes, do not compile. */
import { type End, type Facts, identifiersOf } from "./facts.ts";

/** An array of more elements takes more memory than a call is worth: 32 bytes each. */
const MAX_ARRAY = 1024;
/** Of an enum. */
const MAX_ENUM = 256;
/** In 10^-18, every digit of it. */
const inUnits = (real: number) => BigInt(real.toFixed(18).replace(".", ""));

export function solidityOf(facts: Facts): string {
  const { name, description, modelId, input, output } = facts;
  const parts = [
    head(facts),
    `    /// Made by \`fromBytes\`${input.elements <= MAX_ARRAY ? ", `fromArray`" : ""} or \`fromReals\`, and of no other model.\n    struct Input {\n        bytes raw;\n    }`,
    "    struct Result {\n        bytes raw;\n    }",
    labelsOf(facts),
    constants(modelId, input, output),
    fromBytes(),
    input.elements <= MAX_ARRAY ? fromArray(input) : "",
    quantising(input),
    infer(),
    output.int32 ? valueAtInt32() : valueAtInt8(output),
    isRanked(output) ? best(facts) : "",
  ].filter((part) => part !== "");
  return `// SPDX-License-Identifier: MIT\npragma solidity ^0.8.28;\n\nimport {Inference} from "./IInference.sol";\n\n/// ${description}\n/// Written by \`noema model bind\`.\nlibrary ${name} {\n${parts.join("\n\n")}\n}\n`;
}

/** Where elements are scores, and no indices (ARGMAX, TOPK). */
const isRanked = ({ int32, labels, elements }: Facts["output"]) => !int32 || labels?.length === elements;

const head = ({ input, output }: Facts) =>
  `    using Inference for bytes32;\n\n    /// Input: ${input.encoding}\n    /// Output: ${output.encoding}\n    error WrongLength(uint256 given, uint256 expected);`;

function labelsOf({ output: { labels } }: Facts): string {
  if (labels === undefined || labels.length > MAX_ENUM) return "";
  return `    enum Label {\n${identifiersOf(labels)
    .map((label) => `        ${label}`)
    .join(",\n")}\n    }`;
}

function constants(modelId: string, input: End, output: Facts["output"]): string {
  const lines = [
    `bytes32 internal constant MODEL_ID = ${modelId};`,
    `/// Elements, row-major: [${input.shape}].`,
    `uint256 internal constant INPUTS = ${input.elements};`,
    `/// [${output.shape}].`,
    `uint256 internal constant OUTPUTS = ${output.elements};`,
  ];
  return lines.map((text) => `    ${text}`).join("\n");
}

const fromBytes = () => `    /// One byte for each element.
    function fromBytes(bytes memory raw) internal pure returns (Input memory) {
        if (raw.length != INPUTS) revert WrongLength(raw.length, INPUTS);
        return Input(raw);
    }`;

const fromArray = ({
  elements,
}: End) => `    function fromArray(int8[${elements}] memory values) internal pure returns (Input memory input) {
        input.raw = new bytes(INPUTS);
        for (uint256 i = 0; i < INPUTS; i++) input.raw[i] = bytes1(uint8(values[i]));
    }`;

/** Reals are counted in 10^-18, as Solidity's users do. */
function quantising({ scale, zeroPoint }: End): string {
  if (scale === undefined) return "";
  const step = inUnits(scale) || 1n;
  return `    /// What a step of an input's byte counts, in 10^-18.
    int256 internal constant INPUT_STEP = ${step};

    /// A real in 10^-18 as a byte: rounded to the nearest step, held to the ends.
    function quantise(int256 real) internal pure returns (int8) {
        int256 doubled = 2 * real + INPUT_STEP;
        int256 q = doubled / (2 * INPUT_STEP);
        if (doubled < 0 && q * 2 * INPUT_STEP != doubled) q--;
        q += ${zeroPoint};
        return int8(q < -128 ? int256(-128) : q > 127 ? int256(127) : q);
    }

    /// Reals in 10^-18.
    function fromReals(int256[] memory reals) internal pure returns (Input memory input) {
        if (reals.length != INPUTS) revert WrongLength(reals.length, INPUTS);
        input.raw = new bytes(INPUTS);
        for (uint256 i = 0; i < INPUTS; i++) input.raw[i] = bytes1(uint8(quantise(reals[i])));
    }`;
}

const infer = () => `    /// Throws InferenceFailed.
    function infer(Input memory input) internal view returns (Result memory) {
        return Result(MODEL_ID.infer(input.raw));
    }`;

function valueAtInt8({ scale, zeroPoint }: End): string {
  const real =
    scale === undefined
      ? ""
      : `

    /// The same as a real, in 10^-18.
    function realAt(Result memory result, uint256 i) internal pure returns (int256) {
        return (int256(valueAt(result, i)) - (${zeroPoint})) * ${inUnits(scale)};
    }`;
  return `    function valueAt(Result memory result, uint256 i) internal pure returns (int8) {
        return int8(uint8(result.raw[i]));
    }${real}`;
}

const valueAtInt32 = () => `    function valueAt(Result memory result, uint256 i) internal pure returns (int32) {
        bytes memory raw = result.raw;
        uint32 value;
        for (uint256 k = 0; k < 4; k++) value = (value << 8) | uint8(raw[4 * i + k]);
        return int32(value);
    }`;

function best({ output: { labels, elements } }: Facts): string {
  if (elements < 2) return "";
  const named = labels !== undefined && labels.length <= MAX_ENUM;
  const label = named
    ? "\n\n    function label(Result memory result) internal pure returns (Label) {\n        return Label(best(result));\n    }"
    : "";
  return `    /// Of the largest element; the lowest of equals.
    function best(Result memory result) internal pure returns (uint256 index) {
        for (uint256 i = 1; i < OUTPUTS; i++) if (valueAt(result, i) > valueAt(result, index)) index = i;
    }${label}`;
}
