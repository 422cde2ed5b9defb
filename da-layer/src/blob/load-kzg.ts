import type { Kzg } from "./kzg.ts";

/**
 * `eth-kzg` (prebuilt, works in threads of its own) or `c-kzg` (optional, where it compiled; synchronous). Loading the set-up costs
 * 2 to 6 s of CPU on the calling thread: only in a worker, only when the first blob comes.
 */
export async function loadKzg(name: "eth-kzg" | "c-kzg" = "eth-kzg"): Promise<Kzg> {
  return name === "eth-kzg" ? (await import("./kzg-eth.ts")).createEthKzg() : (await import("./kzg-c.ts")).createCKzg();
}
