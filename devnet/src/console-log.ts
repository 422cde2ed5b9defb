/** The words of `console.log` in a contract (Hardhat's console.sol, Foundry's console.sol and console2.sol), by the data of its call. */
import { format } from "node:util";
import { to0x } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { type AbiParameter, decodeAbiParameters, type Hex, toFunctionSelector } from "viem";

const KINDS = ["uint256", "string", "bool", "address"];
const MAX_PARAMETERS = 4;

/** Selectors are made when the first contract speaks: there are some 700. */
let known: ReadonlyMap<Hex, readonly AbiParameter[]> | undefined;

/** undefined: it is no call of a console that is known here. */
export function consoleWords(call: Bytes): string | undefined {
  known ??= signatures();
  const data = to0x(call);
  const parameters = known.get(data.slice(0, 10) as Hex);
  if (parameters === undefined) return undefined;
  try {
    return written(decodeAbiParameters(parameters, `0x${data.slice(10)}`));
  } catch {
    return undefined; // cut off, or no console at all
  }
}

/** As console.log of Node writes it; numbers keep all their digits. */
function written(values: readonly unknown[]): string {
  const [first, ...rest] = values.map(String) as [string?, ...string[]];
  if (first === undefined) return "";
  return typeof values[0] === "string" ? format(first.replace(/%[dio]/g, "%s"), ...rest) : [first, ...rest].join(" ");
}

function signatures(): ReadonlyMap<Hex, readonly AbiParameter[]> {
  const table = new Map<Hex, readonly AbiParameter[]>();
  const add = (name: string, types: readonly string[], spelled = types) =>
    table.set(toFunctionSelector(`${name}(${spelled.join(",")})`), types.map((type) => ({ type }))); // biome-ignore format: one line
  for (const types of combinations(MAX_PARAMETERS)) {
    add("log", types);
    // Hardhat's before 2.21 spelled the type short, which makes another selector.
    if (types.includes("uint256")) add("log", types, types.map((type) => (type === "uint256" ? "uint" : type))); // biome-ignore format: one line
  }
  for (const types of [["int256"], ["string", "int256"]]) add("log", types);
  for (const [name, type] of [["Int", "int256"], ["Int", "int"], ["Uint", "uint256"], ["Uint", "uint"], ["String", "string"], ["Bool", "bool"], ["Address", "address"], ["Bytes", "bytes"]] as const) add(`log${name}`, [type.replace(/int$/, "int256")], [type]); // biome-ignore format: one line
  for (let bytes = 1; bytes <= 32; bytes++) add(`logBytes${bytes}`, [`bytes${bytes}`]);
  return table;
}

/** All lists of up to so many kinds, none among them. */
function combinations(most: number): string[][] {
  if (most === 0) return [[]];
  const shorter = combinations(most - 1);
  const longest = shorter.filter((x) => x.length === most - 1);
  return [...shorter, ...longest.flatMap((types) => KINDS.map((kind) => [...types, kind]))];
}
