import { pick } from "../scenarios/random.ts";
import type { Client } from "./client.ts";

type Receipt = { status: string; blockNumber: string };

/** Enough that one wrong in fifty is found with 95 %. */
const SAMPLE = 150;
const AT_ONCE = 50;

/** Asks for receipts of some of `indices`; `fault` is the first thing that one says and its block did not. */
export async function checkReceipts(
  client: Client,
  { hashes, height, indices, seed }: { hashes: readonly string[]; height: Float64Array; indices: readonly number[]; seed: number },
): Promise<{ checked: number; fault?: string }> {
  const chosen =
    indices.length <= SAMPLE ? indices : Array.from({ length: SAMPLE }, (_, k) => indices[pick(seed, k, indices.length)] as number);
  for (let from = 0; from < chosen.length; from += AT_ONCE) {
    const some = chosen.slice(from, from + AT_ONCE);
    const receipts = await client.askAll<Receipt | null>(some.map((i) => ({ method: "eth_getTransactionReceipt", params: [hashes[i]] })));
    for (const [k, i] of some.entries()) {
      const receipt = receipts[k];
      const wrong = (fault: string) => ({ checked: from + k, fault });
      if (!receipt) return wrong(`${hashes[i]} is in block ${height[i]}, and has no receipt`);
      if (receipt.status !== "0x1") return wrong(`${hashes[i]} failed in block ${height[i]}`);
      if (Number(receipt.blockNumber) !== height[i])
        return wrong(`${hashes[i]} was seen in block ${height[i]}, its receipt says ${receipt.blockNumber}`);
    }
  }
  return { checked: chosen.length };
}
