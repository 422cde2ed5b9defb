/** Values of an EIP-712 document, each against its declared type; what does not fit is refused by its path. */
import { to0x } from "@noema/core/bytes";
import { invalidParams } from "../../json-rpc/error.ts";
import type { Parser } from "../../json-rpc/method.ts";
import { address, boolean, data } from "../../json-rpc/parsers.ts";
import { either, NUMBER, TEXT } from "../../json-rpc/schema.ts";

export type Field = { name: string; type: string };
export type Types = Record<string, readonly Field[]>;

const MAX_DEPTH = 32;
/** The library's own limit on one struct (the message) is the same. */
const MAX_VALUES = 4096;

/** Members, elements and the struct itself, in the form that the library encodes. Members that the type does not have are left out. */
export function readStruct(types: Types, type: string, value: unknown, name: string): Record<string, unknown> {
  let values = 0;

  function read(type: string, value: unknown, name: string, depth: number): unknown {
    if (depth > MAX_DEPTH) throw invalidParams(`${name}: nested deeper than ${MAX_DEPTH}`);
    if (++values > MAX_VALUES) throw invalidParams(`${name}: more than ${MAX_VALUES} values`);
    if (value === undefined || value === null) throw invalidParams(`${name}: ${value === null ? "null" : "missing"}, expected ${type}`);
    if (type.endsWith("]")) return list(type, value, name, depth);
    return Object.hasOwn(types, type) ? struct(type, value, name, depth) : (atom(type) as Parser<unknown>).read(value, name);
  }

  function list(type: string, value: unknown, name: string, depth: number): unknown[] {
    const open = type.lastIndexOf("[");
    const length = type.slice(open + 1, -1);
    if (!Array.isArray(value)) throw invalidParams(`${name}: expected ${type}, an array`);
    if (length !== "" && value.length !== Number(length)) throw invalidParams(`${name}: ${value.length} elements, expected ${type}`);
    return value.map((x, i) => read(type.slice(0, open), x, `${name}[${i}]`, depth + 1));
  }

  function struct(type: string, value: unknown, name: string, depth: number): Record<string, unknown> {
    if (typeof value !== "object" || Array.isArray(value)) throw invalidParams(`${name}: expected ${type}, an object`);
    const members = (types[type] as readonly Field[]).map((field) => {
      const member = Object.hasOwn(value as object, field.name) ? (value as Record<string, unknown>)[field.name] : undefined;
      return [field.name, read(field.type, member, `${name}.${field.name}`, depth + 1)];
    });
    return Object.fromEntries(members);
  }

  return read(type, value, name, 0) as Record<string, unknown>;
}

/** The parser of an atomic or dynamic type (EIP-712, "Definition of typed structured data"); undefined for what is none, `uint` among them. */
export function atom(type: string): Parser<unknown> | undefined {
  if (type === "bool") return boolean;
  if (type === "address") return { schema: address.schema, read: (value, name) => to0x(address.read(value, name)) };
  if (type === "string") return string;
  if (type === "bytes") return data();
  const [, kind, digits] = /^(u?int|bytes)([1-9][0-9]{0,2})$/.exec(type) ?? [];
  const size = Number(digits);
  if (kind === "bytes") return size <= 32 ? data({ length: size }) : undefined;
  return kind !== undefined && size <= 256 && size % 8 === 0 ? integer(kind === "int", size) : undefined;
}

const string: Parser<string> = {
  schema: TEXT,
  read(value, name) {
    if (typeof value !== "string" || !value.isWellFormed()) throw invalidParams(`${name}: expected a string of Unicode text`);
    return value;
  },
};

/** As ethers and viem send them: decimal or hex text, or a JSON number that is exact. */
function integer(signed: boolean, bits: number): Parser<bigint> {
  const type = `${signed ? "int" : "uint"}${bits}`;
  const [low, high] = signed ? [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1)] : [0n, 2n ** BigInt(bits)];
  return {
    schema: either(TEXT, NUMBER),
    read(value, name) {
      const exact = typeof value === "number" ? Number.isSafeInteger(value) : typeof value === "string" && INTEGER.test(value);
      if (!exact) throw invalidParams(`${name}: expected ${type}, as decimal or hex text or a number below 2^53`);
      const n = BigInt(value as string | number);
      if (n < low || n >= high) throw invalidParams(`${name}: ${n} does not fit ${type}`);
      return n;
    },
  };
}

const INTEGER = /^(-?[0-9]{1,78}|0x[0-9a-f]{1,64})$/i;
