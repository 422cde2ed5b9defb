/** Words for what a trace holds as bytes, by the ABIs that are given, by console.log, and by what every contract may revert with. */
import { fromHex } from "@noema/core/bytes";
import { readJson } from "@noema/node/files/read-json";
import { type Abi, decodeErrorResult, decodeEventLog, decodeFunctionData, erc20Abi, type Hex } from "viem";
import type { CompiledContract } from "../artifacts/compiled.ts";
import { consoleWords } from "../console-log.ts";
import { devError } from "../errors.ts";
import type { TracedCall, TracedLog } from "./ask-trace.ts";

export type Names = {
  /** `transfer(0x7099…, 5)`; where nobody knows the selector it and the number of bytes after it. */
  call(call: TracedCall): string;
  log(log: TracedLog): string;
  /** Of a call that failed. */
  failure(call: Pick<TracedCall, "error" | "revertReason" | "output">): string;
  /** What a call of the console says; undefined: it is none. */
  console(call: TracedCall): string | undefined;
};

const CONSOLE = "0x000000000000000000636f6e736f6c652e6c6f67";
const MAX_WORDS = 200;

/** `contracts`: what a project's artifacts have. Throws DEV_ABI_INVALID, FILE_UNREADABLE, FILE_NOT_JSON. */
export function readNames(files: readonly string[], contracts: readonly Pick<CompiledContract, "abi">[] = []): Names {
  const abi = [...files.flatMap(readAbi), ...contracts.flatMap((x) => x.abi), ...erc20Abi] as Abi;
  return {
    call: ({ input, type }) => {
      if (type.startsWith("CREATE")) return `${bytesOf(input)} of init code`;
      if (input === "0x") return "";
      return (
        decoded(
          () => decodeFunctionData({ abi, data: input }),
          (x) => x.functionName,
        ) ?? shortened(input)
      );
    },
    log: ({ topics, data }) =>
      decoded(
        () => decodeEventLog({ abi, topics, data }),
        (x) => x.eventName ?? "",
      ) ?? `${topics[0]?.slice(0, 10) ?? "anonymous"} and ${bytesOf(data)}`,
    failure: ({ error = "failed", revertReason, output }) => {
      if (revertReason !== undefined) return `${error}: ${clean(revertReason)}`;
      if (output === undefined) return error;
      return `${error}: ${decoded(() => decodeErrorResult({ abi, data: output }), (x) => x.errorName) ?? shortened(output)}`; // biome-ignore format: one line
    },
    console: ({ to, input }) => {
      const words = to === CONSOLE ? consoleWords(fromHex(input)) : undefined;
      return words === undefined ? undefined : clean(words);
    },
  };
}

function readAbi(file: string): Abi {
  const read = readJson(file) as { abi?: unknown } | unknown[] | null;
  const abi = Array.isArray(read) ? read : read?.abi;
  if (Array.isArray(abi)) return abi as Abi;
  throw devError("DEV_ABI_INVALID", `${file} holds neither a list nor a member "abi" that is one`, { file });
}

/** undefined: no ABI has it, or the data is another's. */
function decoded<T extends { args?: unknown }>(decode: () => T, name: (x: T) => string): string | undefined {
  try {
    const found = decode();
    const { args = [] } = found;
    const values = Array.isArray(args) ? args.map(shown) : Object.entries(args as object).map(([key, x]) => `${key}: ${shown(x)}`);
    return clean(`${name(found)}(${values.join(", ")})`);
  } catch {
    return undefined;
  }
}

function shown(value: unknown): string {
  if (typeof value === "string") return value.startsWith("0x") ? value : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(shown).join(", ")}]`;
  if (typeof value === "object" && value !== null) return `{${Object.entries(value).map(([key, x]) => `${key}: ${shown(x)}`).join(", ")}}`; // biome-ignore format: one line
  return String(value);
}

function shortened(data: Hex): string {
  return data.length <= 10 ? data : `${data.slice(0, 10)} and ${bytesOf(`0x${data.slice(10)}`)}`;
}

function bytesOf(data: Hex): string {
  return `${(data.length - 2) / 2} bytes`;
}

/** A contract's text goes to somebody's terminal. */
function clean(text: string): string {
  const line = text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ");
  return line.length > MAX_WORDS ? `${line.slice(0, MAX_WORDS)}…` : line;
}
