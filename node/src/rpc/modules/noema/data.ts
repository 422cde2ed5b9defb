import { to0x } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import type { RpcDeps } from "../../deps.ts";
import { rpcError } from "../../errors.ts";
import { quantityHex } from "../../ethereum/hex.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { hash } from "../../json-rpc/parsers.ts";
import { daRows } from "./da-rows.ts";
import { renderValue } from "./render-finality.ts";

/** null: unknown here. */
async function daStatus({ data }: RpcDeps, id: Hash): Promise<Record<string, unknown> | null> {
  if (data === undefined) throw rpcError("RPC_DA_DISABLED", "this node has no data layer");
  const status = await data.status(id);
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
}

export function dataMethods(deps: RpcDeps): Record<string, RpcMethod> {
  return {
    noema_daStatus: method([["id", hash]], (id) => daStatus(deps, id), { open: true }),
    noema_daRows: method([["id", hash]], (id) => daRows(deps, id), { open: true }),
  };
}
