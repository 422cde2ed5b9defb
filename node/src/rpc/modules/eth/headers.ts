import { blockNumber } from "@noema/core/block-number";
import type { BlockNumber } from "@noema/core/ports/bytes";
import type { HeaderRecord } from "@noema/execution/records";
import type { EthContext } from "./context.ts";

/** Some ms of the thread that answers. */
const AT_ONCE = 256;

/** Of the blocks `from` to `to`, both included, in order. */
export async function headersOf({ execution }: EthContext, from: BlockNumber, to: BlockNumber): Promise<HeaderRecord[]> {
  const found: HeaderRecord[] = [];
  for (let first: number = from; first <= to; first += AT_ONCE)
    found.push(...(await execution.headers(blockNumber(first), blockNumber(Math.min(to, first + AT_ONCE - 1)))));
  return found;
}
