import type { RpcServer } from "../server.ts";
import { type Answer, judge } from "./judge.ts";

/** One request through HTTP, without a socket. Throws where the answer is none that the method's description has. */
export async function callRpc(server: RpcServer, method: string, ...params: unknown[]): Promise<Answer> {
  const ask = (method: string, params: unknown[]) => post(server, JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }));
  const answer = (await ask(method, params)) as Answer;
  await judge(method, answer, async () => ((await ask("rpc.discover", [])) as { result: never }).result);
  return answer;
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
