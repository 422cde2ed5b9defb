import { coreError } from "@noema/core/errors";
import { blobs } from "./blobs.ts";
import { computing } from "./compute.ts";
import { erc20 } from "./erc20.ts";
import { fresh } from "./fresh.ts";
import { inference } from "./inference.ts";
import type { Scenario } from "./scenario.ts";
import { storage } from "./storage.ts";
import { swaps } from "./swap.ts";
import { transfers } from "./transfers.ts";
import { worst } from "./worst.ts";

const scenarios: readonly Scenario[] = [transfers, fresh, erc20, swaps, storage, computing, inference, worst];

/** All that `bench load --scenario` takes. */
export const listed: readonly { name: string; about: string }[] = [...scenarios, blobs];

/** Throws ARGUMENT_INVALID where nothing has the name. */
export function findScenario(name: string): Scenario {
  const found = scenarios.find((x) => x.name === name);
  if (found === undefined)
    throw coreError("ARGUMENT_INVALID", `--scenario: one of ${listed.map((x) => x.name).join(", ")} is expected`, { name });
  return found;
}
