/** anvil_getBlobByHash and anvil_getBlobsByTransactionHash: the bytes alone; null: no such transaction in the chain, no such blob here. */
import { to0x } from "@noema/core/bytes";
import { blobsOf, blobTransaction } from "../../ethereum/blob-sidecars.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { hash } from "../../json-rpc/parsers.ts";
import type { ModuleDeps } from "../../module-deps.ts";

export function anvilBlobMethods(deps: ModuleDeps): Record<string, RpcMethod> {
  return {
    anvil_getBlobByHash: method([["versioned hash", hash]], async (h) => {
      const blob = await deps.sidecars?.read(h);
      return blob === undefined ? null : to0x(blob.blob);
    }),
    anvil_getBlobsByTransactionHash: method([["hash", hash]], async (h) => {
      const found = blobTransaction(await deps.execution.transaction(h));
      return found === undefined ? null : (await blobsOf(deps, found)).map(({ blob }) => to0x(blob));
    }),
  };
}
