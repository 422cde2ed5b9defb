import type { RpcServer } from "../server.ts";

type Answer = { result?: unknown; error?: { code: number; message: string; data?: unknown } };

/** One request through HTTP, without a socket. */
export async function callRpc(server: RpcServer, method: string, ...params: unknown[]): Promise<Answer> {
  return post(server, JSON.stringify({ jsonrpc: "2.0", id: 1, method, params })) as Promise<Answer>;
}

export async function post(server: RpcServer, payload: string): Promise<unknown> {
  const response = await server.app.inject({ method: "POST", url: "/", payload, headers: { "content-type": "application/json" } });
  return response.body === "" ? undefined : JSON.parse(response.body);
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into JSON of many shapes
export async function resultOf(server: RpcServer, method: string, ...params: unknown[]): Promise<any> {
  const answer = await callRpc(server, method, ...params);
  if (answer.error !== undefined) throw new Error(`${method}: ${JSON.stringify(answer.error)}`);
  return answer.result;
}
