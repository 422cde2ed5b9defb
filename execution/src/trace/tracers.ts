/** Tracers by the names that clients give. Without a name: the struct logger. */
import { execError } from "../errors.ts";
import { callTracer } from "./call-tracer.ts";
import { erc7562Tracer } from "./erc7562-tracer.ts";
import { failure } from "./failure.ts";
import { flatCallTracer } from "./flat-call-tracer.ts";
import { fourByteTracer } from "./four-byte-tracer.ts";
import { inferences } from "./inferences.ts";
import { muxTracer } from "./mux-tracer.ts";
import { noopTracer } from "./noop-tracer.ts";
import { creations, mentions, otterscanCalls, otterscanOperations } from "./otterscan.ts";
import { parityReplay } from "./parity-replay.ts";
import { parityTraces } from "./parity-traces.ts";
import { prestateTracer } from "./prestate-tracer.ts";
import { structLogger } from "./struct-logger.ts";
import type { BeginFold, Tracing } from "./tracer.ts";

const NAMED: Readonly<Record<string, Tracing>> = {
  callTracer,
  prestateTracer,
  "4byteTracer": fourByteTracer,
  flatCallTracer,
  muxTracer: muxTracer(find),
  noopTracer,
  erc7562Tracer,
};

function find(name: string): Tracing {
  const found = Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
  if (found !== undefined) return found;
  throw execError("TRACE_TRACER_UNKNOWN", `no tracer ${JSON.stringify(name.slice(0, 80))}: there are ${Object.keys(NAMED).join(", ")}`);
}

/** Of methods that fold in a way of their own. */
const OWN = { failure, inferences, parityTraces, parityReplay, otterscanCalls, otterscanOperations, mentions, creations } satisfies Record<
  string,
  Tracing
>;

/** `name`: as a client gives it; `own`: as a method has it. */
export type TracerChoice = { name?: string; own?: keyof typeof OWN; config?: unknown };

/** Throws TRACE_TRACER_UNKNOWN, TRACE_CONFIG_INVALID. */
export function chooseTracer({ name, own, config }: TracerChoice): BeginFold {
  if (own !== undefined) return OWN[own](config);
  return (name === undefined ? structLogger : find(name))(config);
}
