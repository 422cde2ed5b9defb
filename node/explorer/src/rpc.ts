/** JSON-RPC to the node that served the page: fetch for questions, WebSocket for heads. Same origin only. */
export class RpcFailure extends Error {
  readonly code: string | undefined;
  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}

let lastId = 0;

export async function rpc<T>(method: string, ...params: unknown[]): Promise<T> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: ++lastId, method, params });
  const response = await fetch("/", { method: "POST", headers: { "content-type": "application/json" }, body }).catch(() => {
    throw new RpcFailure("the node does not answer");
  });
  const answer = (await response.json()) as { result: T; error?: { message: string; data?: { code?: string } } };
  if (answer.error) throw new RpcFailure(answer.error.message, answer.error.data?.code);
  return answer.result;
}

const RETRY_MS = 1500;

/** Calls `onHead` for each new block and `onLink` when the connection comes and goes; reconnects by itself. */
export function watchHeads(onHead: () => void, onLink: (up: boolean) => void): void {
  const socket = new WebSocket(location.origin.replace(/^http/, "ws"));
  socket.onopen = () => {
    socket.send(JSON.stringify({ jsonrpc: "2.0", id: 0, method: "eth_subscribe", params: ["newHeads"] }));
    onLink(true);
    onHead();
  };
  socket.onmessage = (event) => {
    if ((JSON.parse(event.data) as { method?: string }).method === "eth_subscription") onHead();
  };
  socket.onclose = () => {
    onLink(false);
    setTimeout(() => watchHeads(onHead, onLink), RETRY_MS);
  };
}
