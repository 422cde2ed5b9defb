/** anvil_getBlobByHash and anvil_getBlobsByTransactionHash: the bytes alone; null: no such transaction in the chain, no such blob here. */
import { to0x } from "@noema/core/bytes";
import { blobsOf, blobTransaction } from "../../ethereum/blob-sidecars.ts";
import { OF_BLOBS } from "../../ethereum/error-sets.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { hash } from "../../json-rpc/parsers.ts";
import { DATA, list, nullable } from "../../json-rpc/schema.ts";
import type { ModuleDeps } from "../../module-deps.ts";

export function anvilBlobMethods(deps: ModuleDeps): Record<string, RpcMethod> {
  return {
    anvil_getBlobByHash: method({
      summary: "a blob's bytes; null where it is not here",
      params: [["versioned hash", hash]],
      result: nullable(DATA),
      async run(h) {
        const blob = await deps.sidecars?.read(h);
        return blob === undefined ? null : to0x(blob.blob);
      },
    }),
    anvil_getBlobsByTransactionHash: method({
      summary: "the bytes of a transaction's blobs; null where no block has one of that hash that has blobs",
      params: [["hash", hash]],
      result: nullable(list(DATA)),
      errors: OF_BLOBS,
      async run(h) {
        const found = blobTransaction(await deps.execution.transaction(h));
        return found === undefined ? null : (await blobsOf(deps, found)).map(({ blob }) => to0x(blob));
      },
    }),
  };
}
