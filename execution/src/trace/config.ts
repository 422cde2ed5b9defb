import * as v from "valibot";
import { execError } from "../errors.ts";

/** A tracer's configuration by its schema; members that it does not have are ignored, as geth does. Throws TRACE_CONFIG_INVALID. */
export function readConfig<S extends v.GenericSchema>(schema: S, config: unknown): v.InferOutput<S> {
  const read = v.safeParse(schema, config ?? {});
  if (read.success) return read.output;
  const [issue] = read.issues;
  throw execError("TRACE_CONFIG_INVALID", `${v.getDotPath(issue) ?? "the configuration"}: ${issue.message}`);
}

/** Absent: false. */
export const flag = v.optional(v.nullish(v.boolean(), false), false);
