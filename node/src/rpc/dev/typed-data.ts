/** EIP-712: the hash that eth_signTypedData_v4 signs. Types are bounded in number, values in depth. */
import { bigIntToBytes, concatBytes, utf8 } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { invalidParams } from "../json-rpc/error.ts";
import type { Parser } from "../json-rpc/method.ts";
import { anything, array, object, record, text } from "../json-rpc/parsers.ts";

const MAX_TYPES = 100;
const MAX_DEPTH = 32;

type Field = { name: string; type: string };
type Types = ReadonlyMap<string, readonly Field[]>;
export type TypedData = { types: Types; primaryType: string; domain: unknown; message: unknown };

const shape = object({
  types: record(text(100), array(object({ name: text(100), type: text(100) }), MAX_TYPES), MAX_TYPES),
  primaryType: text(100),
  domain: anything,
  message: anything,
});

/** Clients send the object or its JSON text. */
export const typedData: Parser<TypedData> = {
  read(value, name) {
    const json = typeof value === "string" ? parseJson(value, name) : value;
    const { types, ...rest } = shape.read(json, name);
    return { ...rest, types: new Map(types) };
  },
};

function parseJson(value: string, name: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw invalidParams(`${name}: not JSON`);
  }
}

function baseType(type: string): string {
  const bracket = type.indexOf("[");
  return bracket === -1 ? type : type.slice(0, bracket);
}

function dependencies(types: Types, type: string, found = new Set<string>()): Set<string> {
  if (!types.has(type) || found.has(type)) return found;
  found.add(type);
  for (const field of types.get(type) as Field[]) dependencies(types, baseType(field.type), found);
  return found;
}

function encodeType(types: Types, type: string): string {
  const others = [...dependencies(types, type)].filter((x) => x !== type).sort();
  const one = (name: string) => `${name}(${(types.get(name) ?? []).map((f) => `${f.type} ${f.name}`).join(",")})`;
  return [type, ...others].map(one).join("");
}

function hexBytes(value: unknown, type: string): Bytes {
  if (typeof value !== "string" || !/^0x([0-9a-f]{2})*$/i.test(value)) throw invalidParams(`typed data: ${type} must be hex`);
  return new Uint8Array(Buffer.from(value.slice(2), "hex"));
}

function integer(value: unknown, type: string): bigint {
  const isText = typeof value === "string" && /^(-?[0-9]{1,78}|0x[0-9a-f]{1,64})$/i.test(value);
  if (!isText && !(typeof value === "number" && Number.isSafeInteger(value))) throw invalidParams(`typed data: ${type} must be an integer`);
  const n = BigInt(value as string | number);
  const bits = Number(type.replace(/^u?int/, "") || 256);
  const [low, high] = type.startsWith("u") ? [0n, 2n ** BigInt(bits)] : [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1)];
  if (n < low || n >= high) throw invalidParams(`typed data: ${n} does not fit ${type}`);
  return n;
}

function isInteger(type: string): boolean {
  const match = /^u?int([1-9][0-9]{0,2})?$/.exec(type);
  const bits = Number(match?.[1] ?? 256);
  return match !== null && bits % 8 === 0 && bits <= 256;
}

function encodeAtom(type: string, value: unknown): Bytes {
  if (type === "string") {
    if (typeof value !== "string") throw invalidParams("typed data: string must be text");
    return keccak256(utf8(value));
  }
  if (type === "bytes") return keccak256(hexBytes(value, type));
  if (type === "bool") return bigIntToBytes(value === true ? 1n : 0n, 32);
  if (isInteger(type)) return bigIntToBytes(BigInt.asUintN(256, integer(value, type)), 32);
  const bytes = hexBytes(value, type);
  if (type === "address" && bytes.length === 20) return concatBytes(new Uint8Array(12), bytes);
  const fixed = Number(/^bytes([0-9]{1,2})$/.exec(type)?.[1]);
  if (fixed >= 1 && fixed <= 32 && bytes.length === fixed) return concatBytes(bytes, new Uint8Array(32 - fixed));
  throw invalidParams(`typed data: a value of ${bytes.length} bytes is no ${type}`);
}

function encodeField(types: Types, type: string, value: unknown, depth: number): Bytes {
  if (depth > MAX_DEPTH) throw invalidParams(`typed data: nested deeper than ${MAX_DEPTH}`);
  const array = /^(.*)\[([0-9]*)\]$/.exec(type);
  if (array !== null) {
    if (!Array.isArray(value) || (array[2] !== "" && value.length !== Number(array[2])))
      throw invalidParams(`typed data: expected ${type}`);
    return keccak256(concatBytes(...value.map((x) => encodeField(types, array[1] as string, x, depth + 1))));
  }
  if (!types.has(type)) return encodeAtom(type, value);
  return value === null || value === undefined ? new Uint8Array(32) : hashStruct(types, type, value, depth + 1);
}

function hashStruct(types: Types, type: string, value: unknown, depth: number): Hash {
  if (typeof value !== "object" || value === null) throw invalidParams(`typed data: ${type} must be an object`);
  const fields = (types.get(type) as readonly Field[]).map((f) =>
    encodeField(types, f.type, Object.hasOwn(value, f.name) ? (value as Record<string, unknown>)[f.name] : undefined, depth),
  );
  return keccak256(concatBytes(keccak256(utf8(encodeType(types, type))), ...fields));
}

const DOMAIN_TYPES: Record<string, string> = {
  name: "string",
  version: "string",
  chainId: "uint256",
  verifyingContract: "address",
  salt: "bytes32",
};

/** Types without EIP712Domain get it from the members that the domain has. */
function withDomain({ types, domain }: TypedData): Types {
  if (types.has("EIP712Domain")) return types;
  const fields = Object.entries(DOMAIN_TYPES).filter(([name]) => Object.hasOwn((domain ?? {}) as object, name));
  return new Map([...types, ["EIP712Domain", fields.map(([name, type]) => ({ name, type }))]]);
}

export function typedDataHash(data: TypedData): Hash {
  const types = withDomain(data);
  if (!types.has(data.primaryType)) throw invalidParams(`typed data: unknown primaryType ${data.primaryType}`);
  const parts = [Uint8Array.of(0x19, 0x01), hashStruct(types, "EIP712Domain", data.domain ?? {}, 0)];
  if (data.primaryType !== "EIP712Domain") parts.push(hashStruct(types, data.primaryType, data.message ?? {}, 0));
  return keccak256(concatBytes(...parts));
}
