import { to0x } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import type { RpcDeps } from "../../deps.ts";
import { rpcError } from "../../errors.ts";
import { quantityHex } from "../../ethereum/hex.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { hash } from "../../json-rpc/parsers.ts";
import { HASH, members, nullable, QUANTITY, TEXT } from "../../json-rpc/schema.ts";
import { DA_ROWS, daRows } from "./da-rows.ts";
import { renderValue } from "./render-finality.ts";

const STATUS = members({
  id: HASH,
  bytes: QUANTITY,
  height: nullable(QUANTITY),
  rows: QUANTITY,
  rowsHeld: QUANTITY,
  certificate: nullable(members({ kind: TEXT, header: { type: "object" }, certificate: { type: "object" } })),
});

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
    noema_daStatus: method({
      summary: "size, place and certificate of an object, and how many of its rows are here; null where it is unknown",
      params: [["id", hash]],
      result: nullable(STATUS),
      errors: ["RPC_DA_DISABLED", "DA_WORKER_FAILED"],
      open: true,
      run: (id) => daStatus(deps, id),
    }),
    noema_daRows: method({
      summary: "which validator holds which rows of an object; null where it is unknown",
      params: [["id", hash]],
      result: nullable(DA_ROWS),
      errors: ["RPC_DA_DISABLED", "DA_EXPIRED", "DA_UNAVAILABLE", "DA_WORKER_FAILED"],
      open: true,
      run: (id) => daRows(deps, id),
    }),
  };
}
