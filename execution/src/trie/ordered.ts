/** Root of the transactions and receipts tries: RLP(index) -> encoded item. */
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { rlpEncode, rlpInt } from "../rlp/encode.ts";
import { createTrie } from "./trie.ts";

export function orderedRoot(items: readonly Bytes[]): Hash {
  const trie = createTrie();
  for (const [index, item] of items.entries()) trie.set(rlpEncode(rlpInt(index)), item);
  return trie.commit();
}
