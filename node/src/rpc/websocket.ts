/**
 * JSON-RPC over WebSocket on the port of HTTP. Bounds: messages above `maxBodyBytes` get a typed error and the connection
 * lives on (above four times that it is closed, 1009); at most MAX_IN_FLIGHT requests run at once for a connection, above which
 * it is not read; a client that leaves MAX_BUFFERED bytes unread is closed (1013) rather than buffered for without end.
 */
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Refusal, Visitor } from "../web/visitor.ts";
import { type Asker, asked } from "./asker.ts";
import { malformedBody } from "./http/malformed-request.ts";
import type { Dispatcher } from "./json-rpc/dispatch.ts";
import type { Connection } from "./json-rpc/method.ts";
import { bodyTooLarge } from "./json-rpc/response.ts";
import { createConnection, holdBack, send } from "./websocket-connection.ts";

const MAX_IN_FLIGHT = 256;
const HEARTBEAT_MS = 30_000;
const INTERNAL = 1011;

export type WebSocketOptions = { maxBodyBytes: number; maxConnections: number; visitor(request: IncomingMessage): Visitor | Refusal };
export type WebSocketFace = {
  connections(): number;
  subscriptions(): number;
  /** Closes the connections that have some: JSON-RPC has no other word for the end of one. */
  endSubscriptions(reason: string): void;
  close(): void;
};

type State = {
  socket: WebSocket;
  connection: Connection;
  unsigned: string | undefined;
  by: Asker;
  alive: boolean;
  inFlight: number;
};

/**
 * For node:http, which hands over every request with an Upgrade header once a listener is there. A server may pass over an offer
 * (RFC 9110, section 7.8): h2c of Java's client or `curl --http2` is answered in HTTP/1.1.
 */
export function isWebSocketHandshake({ method, headers }: IncomingMessage): boolean {
  return method === "GET" && headers.upgrade?.toLowerCase() === "websocket";
}

function refuse(socket: Duplex, status: string, body: string): void {
  const headers = `Connection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}`;
  socket.end(`HTTP/1.1 ${status}\r\n${headers}\r\n\r\n${body}`);
}

export function attachWebSocket(server: Server, dispatch: Dispatcher, o: WebSocketOptions): WebSocketFace {
  const wss = new WebSocketServer({ noServer: true, maxPayload: 4 * o.maxBodyBytes, perMessageDeflate: false });
  const states = new Set<State>();

  async function receive(state: State, message: Buffer): Promise<void> {
    if (message.length > o.maxBodyBytes) return send(state.socket, bodyTooLarge(message.length, o.maxBodyBytes));
    if (++state.inFlight >= MAX_IN_FLIGHT) state.socket.pause();
    const { connection, release } = holdBack(state.socket, state.connection);
    const answer = await asked(state.by, () => dispatch(message, { connection, unsigned: state.unsigned }));
    if (state.inFlight-- >= MAX_IN_FLIGHT) state.socket.resume();
    if (answer !== undefined) send(state.socket, answer);
    release();
  }

  // The library answers with text of its own unless somebody listens.
  wss.on("wsClientError", (_, socket) => refuse(socket, "400 Bad Request", malformedBody(400)));
  wss.on("connection", (socket: WebSocket, { unsigned }: Visitor, client?: string) => {
    const gone = new AbortController();
    const by = { client, gone: gone.signal };
    const state: State = { socket, connection: createConnection(socket), unsigned, by, alive: true, inFlight: 0 };
    states.add(state);
    socket.on("message", (message: Buffer) => void receive(state, message));
    socket.on("pong", () => {
      state.alive = true;
    });
    socket.on("error", () => socket.terminate());
    socket.once("close", () => {
      states.delete(state);
      gone.abort();
    });
  });

  server.on("upgrade", (request, socket, head) => {
    const visitor = o.visitor(request);
    // node:http has taken its own listener away: without one, a client that resets the connection would end the process
    socket.on("error", () => socket.destroy());
    if ("code" in visitor) return refuse(socket, "403 Forbidden", JSON.stringify(visitor));
    if (states.size >= o.maxConnections) return refuse(socket, "503 Service Unavailable", malformedBody(503));
    wss.handleUpgrade(request, socket, head, (ws) => wss.emit("connection", ws, visitor, request.socket.remoteAddress));
  });

  const heartbeat = setInterval(() => {
    for (const state of states) {
      if (!state.alive) state.socket.terminate();
      state.alive = false;
      state.socket.ping();
    }
  }, HEARTBEAT_MS);
  heartbeat.unref();

  return {
    connections: () => states.size,
    subscriptions: () => [...states].reduce((sum, s) => sum + s.connection.subscriptions.size, 0),
    endSubscriptions(reason) {
      for (const { socket, connection } of states) if (connection.subscriptions.size > 0) socket.close(INTERNAL, reason);
    },
    close() {
      clearInterval(heartbeat);
      for (const { socket } of states) socket.terminate();
      wss.close();
    },
  };
}
