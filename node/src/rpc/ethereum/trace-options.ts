/** The last parameter of debug_trace*: which tracer, and how it is set. */
import type { TracerChoice } from "@noema/execution/trace/tracers";
import { invalidParams } from "../json-rpc/error.ts";
import type { Parser } from "../json-rpc/method.ts";
import { anything, object, optional, text } from "../json-rpc/parsers.ts";
import type { JsonSchema } from "../json-rpc/schema.ts";

const MAX_NAME = 100;
const named = object({ tracer: optional(text(MAX_NAME)), tracerConfig: anything });
const TRACE_OPTIONS: JsonSchema = {
  title: "TraceOptions",
  description: "a tracer by name with its configuration, or the options of the struct logger",
  ...named.schema,
};

/** Without a name the options themselves set the struct logger, as geth has it (eth/tracers/api.go, TraceConfig). */
export const traceOptions: Parser<TracerChoice> = {
  schema: TRACE_OPTIONS,
  read(value, name) {
    const { tracer, tracerConfig } = named.read(value, name);
    if (tracer === undefined) return { config: value };
    if (tracer.includes("{"))
      throw invalidParams(`${name}.tracer: programs in JavaScript are not run here, name one of the built-in tracers`);
    return { name: tracer, config: tracerConfig };
  },
};
