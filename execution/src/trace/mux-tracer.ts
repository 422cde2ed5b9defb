/** Several tracers on one run (geth, eth/tracers/native/mux.go): their names to their configurations in, to their results out. */
import * as v from "valibot";
import { readConfig } from "./config.ts";
import type { BeginFold, Tracing } from "./tracer.ts";

/** `find`: throws TRACE_TRACER_UNKNOWN. */
export function muxTracer(find: (name: string) => Tracing): Tracing {
  return (given) => {
    const config = readConfig(v.record(v.string(), v.unknown()), given);
    const begins: [string, BeginFold][] = Object.entries(config).map(([name, own]) => [name, find(name)(own)]);
    return (start, context) => {
      const folds = begins.map(([name, begin]) => [name, begin(start, context)] as const);
      return {
        step: (step) => folds.forEach(([, fold]) => void fold.step?.(step)),
        enter: (frame) => folds.forEach(([, fold]) => void fold.enter?.(frame)),
        exit: (end) => folds.forEach(([, fold]) => void fold.exit?.(end)),
        end: (gasUsed) => folds.forEach(([, fold]) => void fold.end?.(gasUsed)),
        result: () => `{${folds.map(([name, fold]) => `${JSON.stringify(name)}:${fold.result()}`).join(",")}}`,
      };
    };
  };
}
