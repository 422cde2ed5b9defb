/** A dump as a stream: no more than a page of it is held. */
import { createHash } from "node:crypto";
import type { Bytes } from "@noema/core/ports/bytes";
import type { ChainReads } from "../api.ts";
import { endRecord, headRecord, MAGIC } from "./format.ts";

/** Of the newest state when it begins, whatever happens to the chain meanwhile. Throws STATE_PRUNED, STATE_CORRUPT. */
export async function* writeDump({ dump }: Pick<ChainReads, "dump">, chainId: number): AsyncIterable<Bytes> {
  const hash = createHash("sha256");
  const hashed = (bytes: Bytes) => {
    hash.update(bytes);
    return bytes;
  };
  let page = await dump();
  const { number, height, stateRoot } = page;
  yield hashed(MAGIC);
  yield hashed(headRecord({ whole: true, chainId, number, height, stateRoot }));
  let [accounts, slots] = [0, 0];
  for (;;) {
    accounts += page.accounts;
    slots += page.slots;
    yield hashed(page.records);
    if (page.next === undefined) break;
    page = await dump(page.next);
  }
  yield hashed(endRecord(accounts, slots));
  yield hash.digest();
}
