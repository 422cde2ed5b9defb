import type { ChainReads } from "../api.ts";
import { createCalls } from "./calls.ts";
import type { Reading } from "./context.ts";
import { createQueries } from "./queries.ts";
import { createRanges } from "./ranges.ts";
import { createSimulate } from "./simulation/simulate.ts";
import { createTraces } from "./traces.ts";

/** Each opens one snapshot; none waits for a block that executes, but for its turn on the EVM. */
export function createReads(context: Reading): ChainReads {
  return {
    ...createQueries(context),
    ...createRanges(context),
    ...createCalls(context),
    ...createTraces(context),
    simulate: createSimulate(context),
  };
}
