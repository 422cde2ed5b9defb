/** A failed message's frames as places of source, innermost first, as Hardhat's stack traces have them. */
import type { CompiledContract, Source } from "./compiled.ts";
import { enclosing } from "./enclosing.ts";
import { type Match, matchCode } from "./match-code.ts";
import { type Instruction, readSourceMap } from "./source-map.ts";

/** As noema_traceFailure gives it. */
export type FailedFrame = {
  type: string;
  from: string;
  to?: string;
  input: string;
  error: string;
  output: string;
  pc: number;
  jumps?: readonly number[];
};
/** `path`, `line`, `column`: from 1; absent where nobody knows the source. */
export type StackLine = { name: string; path?: string; line?: number; column?: number };

/** @param codeAt hex of the code at an address */
export async function sourceStack(
  frames: readonly FailedFrame[],
  contracts: readonly CompiledContract[],
  codeAt: (address: string) => Promise<string>,
): Promise<StackLine[]> {
  const lines: StackLine[] = [];
  for (const frame of frames) lines.unshift(...(await linesOf(frame, contracts, codeAt)));
  return lines;
}

async function linesOf(
  frame: FailedFrame,
  contracts: readonly CompiledContract[],
  codeAt: (address: string) => Promise<string>,
): Promise<StackLine[]> {
  const creates = frame.type.startsWith("CREATE");
  const match = creates
    ? matchCode(contracts, "creation", frame.input)
    : frame.to && matchCode(contracts, "deployed", await codeAt(frame.to));
  const lines = match ? linesWithin(match, frame) : [];
  if (lines.length > 0) return lines;
  const name = match ? match.contract.name : `<unrecognized contract${creates ? "" : ` at ${frame.to}`}>`;
  return [{ name: creates ? `${name}.constructor` : name }];
}

/** Of the functions that were entered and not left, then where the frame stands. */
function linesWithin({ contract, code }: Match, { pc, jumps = [] }: FailedFrame): StackLine[] {
  const map = readSourceMap(code.sourceMap, code.hex);
  const calls: Instruction[] = [];
  for (const jump of jumps) {
    const instruction = map.get(jump);
    if (instruction?.jump === "i") calls.push(instruction);
    else if (instruction?.jump === "o") calls.pop();
  }
  const entered = calls.flatMap((x) => placeOf(x, contract.sources, FUNCTION) ?? []);
  const end = map.get(pc);
  const last = end && placeOf(end, contract.sources, CONTRACT);
  return [...entered, ...(last === undefined ? [] : [last])].reverse();
}

/** What the way to a function is of: the whole of it, or of its contract. */
const CONTRACT = /^(abstract\s+)?(contract|library)\b/;
const FUNCTION = /^((abstract\s+)?(contract|library)|function|constructor|receive|fallback|modifier)\b/;

/** undefined: the compiler's own, or of a whole that is only passed through. */
function placeOf({ start, length, file }: Instruction, sources: ReadonlyMap<number, Source>, passed: RegExp): StackLine | undefined {
  const source = sources.get(file);
  if (source === undefined) return undefined;
  const bytes = Buffer.from(source.content);
  if (passed.test(bytes.subarray(start, start + length).toString())) return undefined;
  const before = bytes.subarray(0, start).toString();
  const { contract, function: name } = enclosing(source.content, before.length);
  const rows = before.split("\n");
  const words = [contract, name].filter((x) => x !== undefined).join(".") || "<unknown>";
  return { name: words, path: source.path, line: rows.length, column: (rows.at(-1) as string).length + 1 };
}
