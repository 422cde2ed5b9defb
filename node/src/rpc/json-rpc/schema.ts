/** What stands in JSON, as JSON Schema (draft 07, which OpenRPC takes): what a parser reads, what a method answers. */
export type JsonSchema = {
  /** A type of its own, by this name, which no other schema has. */
  readonly title?: string;
  readonly description?: string;
  readonly type?: "string" | "integer" | "number" | "boolean" | "array" | "object" | "null";
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema;
  readonly maxProperties?: number;
  readonly anyOf?: readonly JsonSchema[];
  readonly default?: unknown;
};

export const ANYTHING: JsonSchema = {};
export const NULL: JsonSchema = { type: "null" };
export const BOOLEAN: JsonSchema = { type: "boolean" };
export const TRUE: JsonSchema = { const: true };
export const TEXT: JsonSchema = { type: "string" };
export const INTEGER: JsonSchema = { type: "integer", minimum: 0 };
export const NUMBER: JsonSchema = { type: "number" };
export const QUANTITY: JsonSchema = {
  title: "Quantity",
  description: "a number in hex, without leading zeros",
  type: "string",
  pattern: "^0x(0|[1-9a-fA-F][0-9a-fA-F]{0,63})$",
};
export const DATA: JsonSchema = { title: "Data", description: "whole bytes in hex", type: "string", pattern: "^0x([0-9a-fA-F]{2})*$" };
export const ADDRESS: JsonSchema = { title: "Address", description: "20 bytes", type: "string", pattern: "^0x[0-9a-fA-F]{40}$" };
export const HASH: JsonSchema = { title: "Hash", description: "32 bytes", type: "string", pattern: "^0x[0-9a-fA-F]{64}$" };

/** The same with words of its own: no type any more, but one of that type. */
export function noted(schema: JsonSchema, description: string): JsonSchema {
  return schema.title === undefined ? { ...schema, description } : { anyOf: [schema], description };
}

export function either(...anyOf: JsonSchema[]): JsonSchema {
  return { anyOf };
}

export function nullable(schema: JsonSchema): JsonSchema {
  return either(schema, NULL);
}

export function list(items: JsonSchema, maxItems?: number): JsonSchema {
  return { type: "array", items, ...(maxItems !== undefined && { maxItems }) };
}

export function oneOf(...words: string[]): JsonSchema {
  return { type: "string", enum: words };
}

/** An object with these members, and those of `more` where they apply. */
export function members(all: Record<string, JsonSchema>, more: Record<string, JsonSchema> = {}): JsonSchema {
  return { type: "object", properties: { ...all, ...more }, required: Object.keys(all) };
}

/** An object that is a map. */
export function mapOf(additionalProperties: JsonSchema, maxProperties?: number): JsonSchema {
  return { type: "object", additionalProperties, ...(maxProperties !== undefined && { maxProperties }) };
}
