import { to0x } from "@noema/core/bytes";
import type { RpcDeps } from "../deps.ts";
import { rpcError } from "../errors.ts";
import { quantityHex } from "../eth/hex.ts";
import { method, type RpcMethod } from "../json-rpc/method.ts";
import { hash } from "../json-rpc/parsers.ts";
import { renderValue } from "./render-finality.ts";

export function dataMethods(deps: RpcDeps): Record<string, RpcMethod> {
  return {
    /** null: unknown here. */
    noema_daStatus: method([["id", hash]], async (id) => {
      if (deps.data === undefined) throw rpcError("RPC_DA_DISABLED", "this node has no data layer");
      const status = await deps.data.status(id);
      if (status === undefined) return null;
      return {
        id: to0x(id),
        bytes: quantityHex(status.bytes),
        height: status.height === undefined ? null : quantityHex(status.height),
        rows: quantityHex(status.rows),
        rowsHeld: quantityHex(status.rowsHeld),
        certificate:
          status.cert === undefined
            ? null
            : { kind: status.cert.kind, ...(renderValue({ header: status.cert.header, certificate: status.cert.certificate }) as object) },
      };
    }),
  };
}
