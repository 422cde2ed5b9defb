import { pick } from "../scenarios/random.ts";
import type { Client } from "./client.ts";

type Receipt = { status: string; blockNumber: string };

/** Enough that one wrong in fifty is found with 95 %. */
const SAMPLE = 150;
const AT_ONCE = 50;

/** What receipts of `indices` say that blocks did not; the first fault, or undefined. */
export async function checkReceipts(
  client: Client,
  { hashes, height, indices, seed }: { hashes: readonly string[]; height: Float64Array; indices: readonly number[]; seed: number },
): Promise<string | undefined> {
  const chosen =
    indices.length <= SAMPLE ? indices : Array.from({ length: SAMPLE }, (_, k) => indices[pick(seed, k, indices.length)] as number);
  for (let from = 0; from < chosen.length; from += AT_ONCE) {
    const some = chosen.slice(from, from + AT_ONCE);
    const receipts = await client.askAll<Receipt | null>(some.map((i) => ({ method: "eth_getTransactionReceipt", params: [hashes[i]] })));
    for (const [k, i] of some.entries()) {
      const receipt = receipts[k];
      if (!receipt) return `${hashes[i]} is in block ${height[i]}, and has no receipt`;
      if (receipt.status !== "0x1") return `${hashes[i]} failed in block ${height[i]}`;
      if (Number(receipt.blockNumber) !== height[i])
        return `${hashes[i]} was seen in block ${height[i]}, its receipt says ${receipt.blockNumber}`;
    }
  }
  return undefined;
}
