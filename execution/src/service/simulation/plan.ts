/** Which blocks a simulation makes: what is asked for, and empty ones between numbers that are not neighbours. */
import { blockNumber } from "@noema/core/block-number";
import type { BlockNumber } from "@noema/core/ports/bytes";
import type { Simulation } from "../../api.ts";
import { execError } from "../../errors.ts";

/** geth's, and as far back as BLOCKHASH sees. */
const MAX_BLOCKS = 256;
/** Between blocks whose time is not given: execution-apis' tests expect it. */
const SECONDS_BETWEEN = 12n;

export type Planned = Simulation["blocks"][number] & { number: BlockNumber; timestamp: bigint };

/** Throws SIM_NUMBER_ORDER, SIM_TIME_ORDER, SIM_LIMIT. */
export function planBlocks(base: { number: BlockNumber; timestamp: bigint }, blocks: Simulation["blocks"]): Planned[] {
  const planned: Planned[] = [];
  let { number, timestamp } = base;
  const add = (block: Simulation["blocks"][number], at: number, time: bigint) => {
    [number, timestamp] = [blockNumber(at), time];
    planned.push({ ...block, number, timestamp });
  };
  for (const asked of blocks) {
    const at = asked.block.number ?? number + 1;
    if (at <= number) throw execError("SIM_NUMBER_ORDER", `block numbers must be in order: ${at} <= ${number}`);
    if (at - base.number > MAX_BLOCKS) throw execError("SIM_LIMIT", "too many blocks", { limit: MAX_BLOCKS });
    while (number + 1 < at) add({ block: {}, state: [], calls: [] }, number + 1, timestamp + SECONDS_BETWEEN);
    const time = asked.block.timestamp ?? timestamp + SECONDS_BETWEEN;
    if (time <= timestamp) throw execError("SIM_TIME_ORDER", `block timestamps must be in order: ${time} <= ${timestamp}`);
    add(asked, at, time);
  }
  return planned;
}
