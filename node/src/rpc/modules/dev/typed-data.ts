/** EIP-712 documents as eth_signTypedData_v4 takes them. The library hashes and signs; what it would coerce is refused here first. */
import { to0x } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { invalidParams } from "../../json-rpc/error.ts";
import type { Parser } from "../../json-rpc/method.ts";
import { nestsTooDeep } from "../../json-rpc/nesting.ts";
import { anything, array, object, record, text } from "../../json-rpc/parsers.ts";
import { TEXT } from "../../json-rpc/schema.ts";
import { atom, type Field, readStruct, type Types } from "./typed-values.ts";

/** Bounds the time for the transitive closure of types, which the library computes before it hashes each type once. */
const MAX_TYPES = 100;
const MAX_FIELDS = 1000;
const MAX_NAME = 100;

export type TypedData = { types: Types; primaryType: string; domain: Record<string, unknown>; message: Record<string, unknown> };

const identifier: Parser<string> = {
  schema: { type: "string", maxLength: MAX_NAME, pattern: "^[A-Za-z_$][A-Za-z0-9_$]*$" },
  read(value, name) {
    const id = text(MAX_NAME).read(value, name);
    if (!/^[A-Za-z_$][\w$]*$/.test(id) || id === "__proto__") throw invalidParams(`${name}: ${JSON.stringify(id)} is not an identifier`);
    return id;
  },
};

const shape = object({
  types: record(identifier, array(object({ name: identifier, type: text(MAX_NAME) }), MAX_FIELDS), MAX_TYPES),
  primaryType: identifier,
  domain: anything,
  message: anything,
});

/** Clients send the object or its JSON text. */
export const typedData: Parser<TypedData> = {
  schema: { title: "TypedData", description: "a document of EIP-712, or its JSON text", anyOf: [shape.schema, TEXT] },
  read(value, name) {
    const given = shape.read(typeof value === "string" ? parseJson(value, name) : value, name);
    const types: Types = Object.fromEntries(given.types);
    checkTypes(types, `${name}.types`);
    const { primaryType, message } = given;
    const domain = given.domain ?? {};
    types.EIP712Domain ??= domainType(domain);
    if (!Object.hasOwn(types, primaryType)) throw invalidParams(`${name}.primaryType: types do not have ${primaryType}`);
    return {
      types,
      primaryType,
      domain: readStruct(types, "EIP712Domain", domain, `${name}.domain`),
      message: primaryType === "EIP712Domain" ? {} : readStruct(types, primaryType, message, `${name}.message`),
    };
  },
};

function parseJson(value: string, name: string): unknown {
  if (nestsTooDeep(value)) throw invalidParams(`${name}: nested too deep`);
  try {
    return JSON.parse(value);
  } catch {
    throw invalidParams(`${name}: not JSON`);
  }
}

function checkTypes(types: Types, name: string): void {
  let fields = 0;
  for (const [type, members] of Object.entries(types)) {
    if (atom(type) !== undefined || /^(u?int|bytes)\d*$/.test(type)) throw invalidParams(`${name}: a struct cannot have the name ${type}`);
    fields += members.length;
    if (fields > MAX_FIELDS) throw invalidParams(`${name}: more than ${MAX_FIELDS} fields`);
    const seen = new Set<string>();
    for (const member of members) {
      if (seen.has(member.name)) throw invalidParams(`${name}.${type}: two fields ${member.name}`);
      seen.add(member.name);
      checkType(types, member.type, `${name}.${type}.${member.name}`);
    }
  }
}

/** Aliases such as `uint` are no types here: their hash would be another one in every library. */
function checkType(types: Types, type: string, name: string): void {
  const [, base] = /^([^[\]]+)(?:\[(?:0|[1-9][0-9]{0,8})?\])*$/.exec(type) ?? [];
  if (base !== undefined && (Object.hasOwn(types, base) || atom(base) !== undefined)) return;
  const hint = base === "uint" || base === "int" ? `, use ${base}256` : "";
  throw invalidParams(`${name}: unknown type ${JSON.stringify(type)}${hint}`);
}

const DOMAIN: readonly Field[] = [
  { name: "name", type: "string" },
  { name: "version", type: "string" },
  { name: "chainId", type: "uint256" },
  { name: "verifyingContract", type: "address" },
  { name: "salt", type: "bytes32" },
];

/** As ethers and viem: types without EIP712Domain get it from the members that the domain has. */
function domainType(domain: unknown): readonly Field[] {
  return DOMAIN.filter(({ name }) => Object.hasOwn(domain as object, name) && (domain as Record<string, unknown>)[name] !== null);
}

/** 65 bytes as hex, v 27 or 28. Imported when first asked for: the library costs some 40 ms, and few nodes sign typed data. */
export async function signTypedData(document: TypedData, privateKey: Bytes): Promise<string> {
  const { signTyped } = await import("micro-eth-signer");
  try {
    return signTyped(document as never, to0x(privateKey), false); // false: RFC 6979 alone, as every wallet signs
  } catch {
    throw invalidParams("typed data: the types, each written out with all that it refers to, have more than 1 MiB"); // the one limit not checked above
  }
}
