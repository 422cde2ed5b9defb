/** One WebSocket as the methods see it. A client that leaves too much unread is closed (1013) rather than buffered for without end. */
import type { WebSocket } from "ws";
import type { Connection } from "./json-rpc/method.ts";

export const MAX_BUFFERED = 16 << 20;
/** Notifications of one request's subscriptions while it has no answer: only a slow batch comes near. */
export const MAX_HELD = 10_000;
const TRY_AGAIN_LATER = 1013;

export function send(socket: WebSocket, text: string): void {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > MAX_BUFFERED) socket.close(TRY_AGAIN_LATER, "client reads too slowly");
  else socket.send(text);
}

export function createConnection(socket: WebSocket): Connection {
  const subscriptions = new Map<string, () => void>();
  socket.once("close", () => {
    for (const stop of subscriptions.values()) stop();
    subscriptions.clear();
  });
  return {
    subscriptions,
    notify: (subscription, result) =>
      send(socket, JSON.stringify({ jsonrpc: "2.0", method: "eth_subscription", params: { subscription, result } })),
  };
}

/** `connection` as one request sees it: what it subscribes to is held back until it is answered, so that the id comes first. */
export function holdBack(socket: WebSocket, connection: Connection): { connection: Connection; release(): void } {
  let held: (() => void)[] | undefined = [];
  return {
    connection: {
      ...connection,
      notify(subscription, result) {
        if (held === undefined) return connection.notify(subscription, result);
        if (held.length === MAX_HELD) return socket.close(TRY_AGAIN_LATER, "too many notifications before an answer");
        held.push(() => connection.notify(subscription, result));
      },
    },
    release() {
      for (const notify of held ?? []) notify();
      held = undefined;
    },
  };
}
