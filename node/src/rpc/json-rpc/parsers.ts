/** Parsers of Ethereum's parameter types (execution-apis): strict hex quantities, bounded bytes. All throw -32602. */
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { invalidParams } from "./error.ts";
import type { Parser } from "./method.ts";
import * as shape from "./schema.ts";

const QUANTITY = /^0x(0|[1-9a-f][0-9a-f]*)$/i;
/** As many digits as 2^256 has. */
const DECIMAL = /^[0-9]{1,78}$/;
const DATA = /^0x([0-9a-f]{2})*$/i;
function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 80));
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** Absent (or null) gives `fallback`, which `shown` says as JSON. */
export function optional<T>(parser: Parser<T>): Parser<T | undefined>;
export function optional<T, F>(parser: Parser<T>, fallback: F, shown?: unknown): Parser<T | F>;
export function optional<T>(parser: Parser<T>, fallback?: unknown, shown: unknown = plain(fallback)): Parser<unknown> {
  const read = (value: unknown, name: string) => (value === undefined || value === null ? fallback : parser.read(value, name));
  const { schema } = parser;
  return { optional: true, read, schema: shown !== undefined ? { anyOf: [schema], default: shown } : schema };
}

function plain(fallback: unknown): unknown {
  return typeof fallback === "bigint" ? `0x${fallback.toString(16)}` : fallback;
}

/** 0x-prefixed without leading zeros, in [0, max]; default max 2^256 - 1. */
export function quantity(max: bigint = 2n ** 256n - 1n): Parser<bigint> {
  return {
    schema: shape.QUANTITY,
    read(value, name) {
      if (typeof value !== "string" || value.length > 66 || !QUANTITY.test(value))
        throw invalidParams(`${name}: expected a hex quantity such as 0x1f, without leading zeros, got ${shown(value)}`);
      const n = BigInt(value);
      if (n > max) throw invalidParams(`${name}: ${value} is above the limit 0x${max.toString(16)}`);
      return n;
    },
  };
}

const AMOUNT: shape.JsonSchema = {
  title: "Amount",
  description: "a number in hex, leading zeros or not, in decimal, or as JSON has it",
  anyOf: [
    { type: "string", pattern: "^(0x0*[0-9a-fA-F]{1,64}|[0-9]{1,78})$" },
    { type: "integer", minimum: 0 },
  ],
};

/** A quantity as anvil takes it: with leading zeros, which ethers' toBeHex writes, in decimal, and as a number, which cast makes of digits. */
export function amount(max?: bigint): Parser<bigint> {
  const inner = quantity(max);
  return {
    schema: AMOUNT,
    read(value, name) {
      if (typeof value === "bigint" || (typeof value === "string" && DECIMAL.test(value)))
        return inner.read(`0x${BigInt(value).toString(16)}`, name);
      if (typeof value === "string" && /^0x[0-9a-f]+$/i.test(value)) return inner.read(value.replace(/^0x0+(?=[0-9a-f])/i, "0x"), name);
      if (typeof value !== "number") throw invalidParams(`${name}: expected a number such as 31, "31" or "0x1f", got ${shown(value)}`);
      if (Number.isSafeInteger(value) && value >= 0) return inner.read(`0x${value.toString(16)}`, name);
      throw invalidParams(
        `${name}: ${value} is no whole number from 0 on, or lost digits in a long request: give a hex quantity such as 0x1f`,
      );
    },
  };
}

/** A quantity in the exact range of numbers. */
export function smallQuantity(max: number = Number.MAX_SAFE_INTEGER): Parser<number> {
  const inner = quantity(BigInt(max));
  return { schema: inner.schema, read: (value, name) => Number(inner.read(value, name)) };
}

/** As `smallQuantity`, but plain JSON numbers serve too, as clients send them for counts and percentiles. */
export function count(max: number): Parser<number> {
  const inner = smallQuantity(max);
  const fits = (value: unknown): value is number => typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value <= max;
  const schema = shape.either({ type: "integer", minimum: 0, maximum: max }, shape.QUANTITY);
  return {
    schema,
    read(value, name) {
      if (fits(value)) return value;
      if (typeof value === "string") return inner.read(value, name);
      throw invalidParams(`${name}: expected a whole number from 0 to ${max}, got ${typeof value === "number" ? value : shown(value)}`);
    },
  };
}

const SIZED: Record<number, shape.JsonSchema> = { 20: shape.ADDRESS, 32: shape.HASH };

function dataSchema({ length, max }: { length?: number; max?: number }): shape.JsonSchema {
  if (length !== undefined)
    return SIZED[length] ?? { type: "string", pattern: `^0x[0-9a-fA-F]{${2 * length}}$`, description: `${length} bytes` };
  return max === undefined ? shape.DATA : { anyOf: [shape.DATA], maxLength: 2 + 2 * max, description: `at most ${max} bytes` };
}

/** 0x and whole bytes: exactly `length` of them, or at most `max`. */
export function data(o: { length?: number; max?: number } = {}): Parser<Bytes> {
  return {
    schema: dataSchema(o),
    read(value, name) {
      if (typeof value !== "string" || !DATA.test(value))
        throw invalidParams(`${name}: expected 0x and pairs of hex digits, got ${shown(value)}`);
      const bytes = (value.length - 2) / 2;
      if (o.length !== undefined && bytes !== o.length) throw invalidParams(`${name}: expected ${o.length} bytes, got ${bytes}`);
      if (o.max !== undefined && bytes > o.max) throw invalidParams(`${name}: ${bytes} bytes, at most ${o.max}`);
      return new Uint8Array(Buffer.from(value.slice(2), "hex"));
    },
  };
}

export const address: Parser<Bytes> = data({ length: 20 });
export const hash: Parser<Hash> = data({ length: 32 });

/** A storage position: clients send 32 bytes or a quantity. Returns 32 bytes; the words are geth's. */
export const slotKey: Parser<Hash> = {
  schema: { title: "Slot", description: "at most 32 bytes in hex", type: "string", pattern: "^0x[0-9a-fA-F]{1,64}$" },
  read(value, name) {
    if (typeof value !== "string" || !/^0x[0-9a-f]+$/i.test(value))
      throw invalidParams(`${name}: invalid hex in storage key: ${shown(value)}`);
    if (value.length > 66) throw invalidParams(`${name}: storage key too long (want at most 32 bytes): ${shown(value)}`);
    return new Uint8Array(Buffer.from(value.slice(2).padStart(64, "0"), "hex"));
  },
};

export const boolean: Parser<boolean> = {
  schema: shape.BOOLEAN,
  read(value, name) {
    if (typeof value !== "boolean") throw invalidParams(`${name}: expected true or false, got ${shown(value)}`);
    return value;
  },
};

export function text(max: number): Parser<string> {
  return {
    schema: { type: "string", maxLength: max },
    read(value, name) {
      if (typeof value !== "string" || value.length > max)
        throw invalidParams(`${name}: expected a string of at most ${max} characters, got ${shown(value)}`);
      return value;
    },
  };
}

/** One of these words. */
export function word<const W extends string>(...words: W[]): Parser<W> {
  return {
    schema: shape.oneOf(...words),
    read(value, name) {
      if (words.includes(value as W)) return value as W;
      throw invalidParams(`${name}: expected ${words.map((x) => JSON.stringify(x)).join(" or ")}, got ${shown(value)}`);
    },
  };
}

export function array<T>(item: Parser<T>, max: number): Parser<T[]> {
  return {
    schema: shape.list(item.schema, max),
    read(value, name) {
      if (!Array.isArray(value)) throw invalidParams(`${name}: expected an array, got ${shown(value)}`);
      if (value.length > max) throw invalidParams(`${name}: ${value.length} entries, at most ${max}`);
      return value.map((x, i) => item.read(x, `${name}[${i}]`));
    },
  };
}

function objectSchema(fields: Shape): shape.JsonSchema {
  const properties = Object.fromEntries(Object.entries(fields).map(([key, { schema }]) => [key, schema]));
  return { type: "object", properties, required: Object.keys(fields).filter((key) => !fields[key]?.optional) };
}

type Shape = Record<string, Parser<unknown>>;
type Fields<S extends Shape> = { [K in keyof S]: S[K] extends Parser<infer T> ? T : never };

/** An object; members that are not in the shape are ignored, as other nodes do. */
export function object<S extends Shape>(fields: S): Parser<Fields<S>> {
  const entries = Object.entries(fields);
  return {
    schema: objectSchema(fields),
    read(value, name) {
      if (typeof value !== "object" || value === null || Array.isArray(value))
        throw invalidParams(`${name}: expected an object, got ${shown(value)}`);
      const out: Record<string, unknown> = {};
      for (const [key, parser] of entries) {
        const member = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
        if (member !== undefined) out[key] = parser.read(member, `${name}.${key}`);
        else if (parser.optional) out[key] = parser.read(undefined, key);
        else throw invalidParams(`${name}.${key}: missing`);
      }
      return out as Fields<S>;
    },
  };
}

/** An object as a map with parsed keys, at most `max` entries. */
export function record<K, T>(key: Parser<K>, item: Parser<T>, max: number): Parser<[K, T][]> {
  return {
    schema: shape.mapOf(item.schema, max),
    read(value, name) {
      if (typeof value !== "object" || value === null || Array.isArray(value))
        throw invalidParams(`${name}: expected an object, got ${shown(value)}`);
      const entries = Object.entries(value);
      if (entries.length > max) throw invalidParams(`${name}: ${entries.length} entries, at most ${max}`);
      return entries.map(([k, v]) => [key.read(k, `${name} key`), item.read(v, `${name}.${k.slice(0, 80)}`)]);
    },
  };
}

export const anything: Parser<unknown> = { schema: shape.ANYTHING, optional: true, read: (value) => value };
