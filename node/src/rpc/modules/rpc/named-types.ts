import type { JsonSchema } from "../../json-rpc/schema.ts";

export type NamedTypes = {
  /** The same schema, in which a type with a name is a reference. Throws where two types have one name. */
  refer(schema: JsonSchema): unknown;
  /** Those that were referred to, by name. */
  readonly types: Record<string, unknown>;
};

export function collectTypes(prefix = "#/components/schemas/"): NamedTypes {
  const types: Record<string, unknown> = {};
  const seen = new Map<string, JsonSchema>();

  /** A schema within a schema, or a list or map of such. */
  function within(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(within);
    return typeof value === "object" && value !== null ? refer(value) : value;
  }

  function plain(schema: JsonSchema): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(schema).map(([key, value]) => {
        if (key === "properties") return [key, Object.fromEntries(Object.entries(value as object).map(([k, v]) => [k, refer(v)]))];
        return [key, key === "items" || key === "anyOf" || key === "additionalProperties" ? within(value) : value];
      }),
    );
  }

  function refer(schema: JsonSchema): unknown {
    const { title } = schema;
    if (title === undefined) return plain(schema);
    const known = seen.get(title);
    if (known !== undefined && known !== schema && JSON.stringify(known) !== JSON.stringify(schema))
      throw new Error(`two types are called ${title}`);
    if (known === undefined) {
      seen.set(title, schema);
      types[title] = plain(schema);
    }
    return { $ref: `${prefix}${title}` };
  }
  return { refer, types };
}
