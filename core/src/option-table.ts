/**
 * Options as tables: valibot objects whose entries carry what a person is told of them. A package has its tables in its `options.ts`:
 * its section of genesis.json, where all validators have the same, and what each process chooses for itself. Flags, environment
 * variables, configuration files and docs/config.md are made of them.
 */
import * as v from "valibot";
import { coreError } from "./errors.ts";

export type About = {
  /** What stands for a value in the help of a command; a `file` or `folder` is a path. Default: n for numbers, value for others. */
  value?: string;
  /** What the values are, where `integer` and its like do not say it. */
  expects?: string;
  /** One letter. */
  short?: string;
  /** What no value means, in words, where the default does not say it. */
  none?: string;
  /** What was made with it keeps it for life. */
  fixed?: boolean;
};

/** With `entries`, a section; in it options and further sections. */
export type Table = v.GenericSchema & { readonly entries: Record<string, v.GenericSchema> };

export type Row = About & {
  help: string;
  /** ["rpc", "port"] */
  path: readonly string[];
  schema: v.GenericSchema;
  /** What text can say it; undefined: none can. */
  type: "number" | "boolean" | "string" | "list" | undefined;
  default: unknown;
  required: boolean;
};

export function option<const S extends v.GenericSchema>(help: string, schema: S, about: About = {}) {
  return v.pipe(schema, v.metadata({ help, ...about }));
}

export function integer(min: number, max: number) {
  const expects = `an integer from ${min} to ${max}`;
  const wrong = `${expects} is expected`;
  return v.pipe(v.number(wrong), v.safeInteger(wrong), v.minValue(min, wrong), v.maxValue(max, wrong), v.metadata({ value: "n", expects }));
}

export function decimal(min: number, max: number, unit: string) {
  const expects = `a number of ${unit} from ${min} to ${max}`;
  const wrong = `${expects} is expected`;
  return v.pipe(v.number(wrong), v.minValue(min, wrong), v.maxValue(max, wrong), v.metadata({ value: unit, expects }));
}

export function choice<const T extends readonly string[]>(names: T) {
  const expects = `one of ${names.join(", ")}`;
  return v.pipe(v.picklist(names, `${expects} is expected`), v.metadata({ value: "name", expects }));
}

/** What a schema is made around: its `optional` taken off. */
function inner(schema: v.GenericSchema): v.GenericSchema {
  return "wrapped" in schema ? inner(schema.wrapped as v.GenericSchema) : schema;
}

function aboutOf(schema: v.GenericSchema): About & { help?: string } {
  const own = v.getMetadata(schema);
  return "wrapped" in schema ? { ...aboutOf(schema.wrapped as v.GenericSchema), ...own } : own;
}

const TYPES = { number: "number", boolean: "boolean", string: "string", picklist: "string" } as const;

function typeOf(schema: v.GenericSchema): Row["type"] {
  const { type, item } = inner(schema) as v.GenericSchema & { item?: v.GenericSchema };
  if (type === "array") return item?.type === "string" ? "list" : undefined;
  return Object.hasOwn(TYPES, type) ? TYPES[type as keyof typeof TYPES] : undefined;
}

/** Every option, in the order of the table. */
export function rowsOf(table: Table, above: readonly string[] = []): Row[] {
  return Object.entries(table.entries).flatMap(([name, schema]): Row[] => {
    const path = [...above, name];
    const section = inner(schema);
    if ("entries" in section) return rowsOf(section as Table, path);
    const about = { help: "", ...aboutOf(schema) };
    return [{ ...about, path, schema, type: typeOf(schema), default: v.getDefault(schema), required: schema.type !== "optional" }];
  });
}

/** The value that a flag or a variable gives, commas between those of a list. Throws ARGUMENT_INVALID with what is expected. */
export function fromText(schema: v.GenericSchema, text: string): unknown {
  const value = TEXT[typeOf(schema) ?? "string"](text);
  const result = v.safeParse(schema, value);
  if (!result.success) throw coreError("ARGUMENT_INVALID", result.issues[0].message, { text });
  return value;
}

/** `Number("")` is 0 and `Number("0x10")` is 16, so digits are looked at first; the schema refuses what stays text. */
const TEXT: Record<NonNullable<Row["type"]>, (text: string) => unknown> = {
  number: (text) => (/^[0-9]*\.?[0-9]+$/.test(text) ? Number(text) : text),
  boolean: (text) => ({ true: true, 1: true, false: false, 0: false })[text] ?? text,
  string: (text) => text,
  list: (text) => (text === "" ? [] : text.split(",").map((x) => x.trim())),
};

/**
 * The section with its defaults; `fail` hears one fault, as `<field>: <what is wrong>`, whether it is that the field is not there, and
 * what stands in its place, as JSON spells it, or "" for a name that is none. That one comes first: misspelt, it makes another one missing.
 */
export function parseTable<S extends v.GenericSchema>(
  table: S,
  section: unknown,
  fail: (fault: string, missing: boolean, received: string) => Error,
): v.InferOutput<S> {
  const result = v.safeParse(table, section);
  if (result.success) return result.output;
  const issue = result.issues.find((x) => x.expected === "never") ?? result.issues[0];
  const path = v.getDotPath(issue) ?? "";
  if (issue.expected === "never") throw fail(`${path}: no field has this name; there are ${namesBeside(table, path)}`, false, "");
  const missing = issue.type === "strict_object" && issue.expected !== "Object" && issue.received === "undefined";
  if (missing) throw fail(`${firstRequired(table, path)}: is missing`, true, issue.received);
  throw fail(`${path}: ${issue.message}`, false, issue.received);
}

/** What the section has that `path` is in. */
function namesBeside(table: v.GenericSchema, path: string): string {
  let at: Partial<Table> & v.GenericSchema = inner(table);
  for (const name of path.split(".").slice(0, -1)) {
    const { item = at.entries?.[name] } = at as { item?: v.GenericSchema };
    if (item !== undefined) at = inner(item);
  }
  return Object.keys(at.entries ?? {}).join(", ");
}

/** Of a section that is not there, the option in it that has to be. */
function firstRequired(table: v.GenericSchema, path: string): string {
  const rows = "entries" in table ? rowsOf(table as Table) : [];
  return rows.find((x) => x.required && x.path.join(".").startsWith(`${path}.`))?.path.join(".") ?? path;
}
