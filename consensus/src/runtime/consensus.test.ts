import { nullLogger } from "@noema/core/testing/null-ports";
import { expect, test } from "vitest";
import { createConsensusOptions } from "../options.ts";
import { createConsensus } from "./consensus.ts";
import type { ConsensusDeps } from "./deps.ts";

test("before its start it says so of everything that it is asked", async () => {
  const consensus = createConsensus(createConsensusOptions({}), { logger: nullLogger } as ConsensusDeps);
  const stopped = expect.objectContaining({ code: "CONSENSUS_STOPPED" });
  for (const ask of [() => consensus.status(), () => consensus.block(0), () => consensus.finality(1), () => consensus.join()])
    expect(ask).toThrow(stopped);
  await consensus.stop();
});
