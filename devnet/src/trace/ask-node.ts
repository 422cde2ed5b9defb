/** One question to a node's RPC. */
import { ask, readJson } from "@noema/node/cli/da/ask";

/** `error`: in the node's words. Throws CLI_REQUEST_FAILED. */
export async function askNode<T>(
  rpc: string,
  method: string,
  params: readonly unknown[],
): Promise<{ result?: T; error?: { message: string } }> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  return readJson(await ask(rpc, { method: "POST", headers: { "content-type": "application/json" }, body }));
}
