/** What a server answers, as an OpenRPC document (spec.open-rpc.org, 1.3.2), from the descriptions that validate. */
import { rowOf } from "../../../error-rows.ts";
import type { RpcMethod, RpcModule } from "../../json-rpc/method.ts";
import { ANYTHING } from "../../json-rpc/schema.ts";
import { collectTypes, type NamedTypes } from "./named-types.ts";

/** Codes by their number, of which a document has each once in a method. */
function openRpcErrors(codes: readonly string[]): { code: number; message: string; data: { codes: Record<string, string> } }[] {
  const numbers = new Map<number, Record<string, string>>();
  for (const code of codes) {
    const row = rowOf(code);
    if (row?.rpc === undefined) throw new Error(`${code} is no error that clients are told`);
    numbers.set(row.rpc, { ...numbers.get(row.rpc), [code]: row.means });
  }
  return [...numbers].map(([code, told]) => ({ code, message: Object.values(told).join("; "), data: { codes: told } }));
}

/** Codes that a method's traits give it, beside its own and those that any can have (RPC_INTERNAL, RPC_REQUEST_INVALID). */
function codesOf({ params, description, signing, open }: RpcMethod): string[] {
  const own = description?.errors ?? [];
  const given = [
    ...(params.length > 0 ? ["RPC_PARAMS_INVALID"] : []),
    ...(signing ? ["RPC_ORIGIN_REFUSED"] : []),
    ...(open ? [] : ["EXEC_DIVERGED", "CONSENSUS_FORKED", "RPC_BUSY", "RPC_DEADLINE"]),
  ];
  return [...new Set([...own, ...given])];
}

function openRpcMethod(name: string, namespace: string, method: RpcMethod, { refer }: NamedTypes): unknown {
  const { summary = "not described", result = ANYTHING } = method.description ?? {};
  return {
    name,
    summary,
    tags: [{ name: namespace }],
    paramStructure: "by-position",
    params: method.params.map(([name, { schema, optional }]) => ({ name, required: !optional, schema: refer(schema) })),
    result: { name: "result", schema: refer(result) },
    errors: openRpcErrors(codesOf(method)),
  };
}

export function openRpc(modules: readonly RpcModule[], version: string): unknown {
  const types = collectTypes();
  const methods = modules.flatMap((module) =>
    Object.entries(module.methods).map(([name, method]) => openRpcMethod(name, module.name, method, types)),
  );
  const description = "Any method may also answer -32600 (no request of JSON-RPC 2.0) and -32603 (a fault of the node).";
  return { openrpc: "1.3.2", info: { title: "Noema", version, description }, methods, components: { schemas: types.types } };
}
