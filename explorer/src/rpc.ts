/** JSON-RPC to the node that served the page: fetch for questions, WebSocket for heads. Same origin only. */
export class RpcFailure extends Error {}

/** Nothing came back: the node is down, stopped or unreachable. What was asked may have been done. */
export class NoAnswer extends RpcFailure {}

/** A send may wait for its block, and the machine may be busy. */
const ANSWER_LIMIT_MS = 30_000;

let lastId = 0;

export async function rpc<T>(method: string, ...params: unknown[]): Promise<T> {
  return ask<T>(method, params, ANSWER_LIMIT_MS);
}

export async function ask<T>(method: string, params: readonly unknown[], limitMs: number): Promise<T> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: ++lastId, method, params });
  const answer = await post(body, limitMs).catch(() => {
    throw new NoAnswer("the node does not answer");
  });
  if (answer.error) throw new RpcFailure(answer.error.message);
  return answer.result as T;
}

async function post(body: string, limitMs: number): Promise<{ result?: unknown; error?: { message: string } }> {
  const headers = { "content-type": "application/json" };
  return (await fetch("/", { method: "POST", headers, body, signal: AbortSignal.timeout(limitMs) })).json();
}

const RETRY_MS = 1500;

/** Calls `onHead` for each new block, and when the connection comes; reconnects by itself. */
export function watchHeads(onHead: () => void): void {
  const socket = new WebSocket(location.origin.replace(/^http/, "ws"));
  socket.onopen = () => {
    socket.send(JSON.stringify({ jsonrpc: "2.0", id: 0, method: "eth_subscribe", params: ["newHeads"] }));
    onHead();
  };
  socket.onmessage = (event) => {
    if ((JSON.parse(event.data) as { method?: string }).method === "eth_subscription") onHead();
  };
  socket.onclose = () => setTimeout(() => watchHeads(onHead), RETRY_MS);
}
