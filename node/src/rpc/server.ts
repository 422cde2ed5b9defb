/** One port for JSON-RPC over HTTP and WebSocket, data, health and the page. Owns no facts: all of them come through RpcDeps. */

import type { AddressInfo } from "node:net";
import { page } from "@noema/explorer/generated/page";
import Fastify, { type FastifyInstance } from "fastify";
import { listenError } from "../listen-error.ts";
import { parseHosts } from "../web/hosts.ts";
import { parseOrigins } from "../web/origins.ts";
import { createDoor, type Door } from "../web/visitor.ts";
import { createModules } from "./create-modules.ts";
import type { RpcDeps } from "./deps.ts";
import { refuseBehind } from "./gate.ts";
import { addBeaconRoutes } from "./http/beacon-blobs.ts";
import { limitBodies } from "./http/body-deadline.ts";
import { addDaCellRoutes } from "./http/da-cells.ts";
import { addDaRoutes } from "./http/da-routes.ts";
import { addHealthRoutes } from "./http/health-routes.ts";
import { addJsonRpcRoute } from "./http/json-rpc-route.ts";
import { malformedBody, refuseConnection, refusePath } from "./http/malformed-request.ts";
import { addPageRoutes } from "./http/page-routes.ts";
import { addStateRoutes } from "./http/state-routes.ts";
import { addVisitors } from "./http/visitors.ts";
import { createDispatcher, type Dispatcher } from "./json-rpc/dispatch.ts";
import type { ErrorBody } from "./json-rpc/error.ts";
import type { CreateModule } from "./module-deps.ts";
import { attachWebSocket, isWebSocketHandshake, type WebSocketFace } from "./websocket.ts";

export type RpcOptions = {
  /** Default 127.0.0.1: nothing is open to the network unless told so. */
  host?: string;
  /** 0 takes a free one. */
  port: number;
  /** Names that a Host header may have beside loopback and `host`: web/hosts.ts. */
  hosts?: readonly string[];
  /** Pages of other sites that may ask: web/origins.ts. */
  cors?: readonly string[];
  /** Further namespaces. */
  modules?: readonly CreateModule[];
};

export type RpcServer = {
  /** For inject() in tests. */
  readonly app: FastifyInstance;
  readonly dispatch: Dispatcher;
  /** Throws PORT_IN_USE, HOST_UNUSABLE, LISTEN_FAILED. */
  start(): Promise<{ port: number }>;
  stop(): Promise<void>;
};

/** Of a JSON-RPC body: the largest transaction in hex is 262 KB, a batch has many. Blobs go by PUT /da. */
export const MAX_BODY_BYTES = 5_000_000;
const MAX_WEBSOCKETS = 1000;
const SECONDS = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10];

function createObserver(deps: RpcDeps) {
  const requests = deps.metrics.counter("noema_rpc_requests_total", "JSON-RPC requests answered, by method", ["method"]);
  const failures = deps.metrics.counter("noema_rpc_errors_total", "JSON-RPC requests answered with an error, by method and code", [
    "method",
    "code",
  ]);
  const seconds = deps.metrics.histogram("noema_rpc_request_seconds", "time to answer a JSON-RPC request", SECONDS);
  return (method: string, duration: number, error: ErrorBody | undefined) => {
    requests(1, { method });
    seconds(duration);
    if (error !== undefined) failures(1, { method, code: `${error.code}` });
  };
}

function createApp(deps: RpcDeps, dispatch: Dispatcher, door: Door): FastifyInstance {
  const app = Fastify({
    logger: false,
    forceCloseConnections: true,
    requestTimeout: 0, // of its body: http/body-deadline.ts
    exposeHeadRoutes: true,
    http: { shouldUpgradeCallback: isWebSocketHandshake },
    clientErrorHandler: refuseConnection,
    frameworkErrors: refusePath,
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _payload, done) => done(null)); // routes read the stream themselves, bounded
  app.setErrorHandler((error, request, reply) => {
    // the client left before its request had ended, or while its answer was made
    const left = reply.raw.destroyed && (error as Error).name === "AbortError";
    const gone = left || (request.raw.destroyed && !request.raw.complete);
    const { statusCode = gone ? 400 : 500 } = error as { statusCode?: number };
    if (statusCode >= 500)
      deps.logger.log("error", "http request failed", { method: request.method, path: request.url.slice(0, 200), error });
    const internal = JSON.stringify({ code: "RPC_INTERNAL", message: "internal error" });
    void reply
      .code(statusCode)
      .type("application/json")
      .send(statusCode >= 500 ? internal : malformedBody(statusCode));
  });
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ code: "RPC_PATH_UNKNOWN", message: `no ${request.method} ${request.url.slice(0, 100)}` }),
  );
  limitBodies(app, deps.clock);
  addVisitors(app, door);
  addJsonRpcRoute(app, dispatch, MAX_BODY_BYTES);
  addDaRoutes(app, deps);
  addDaCellRoutes(app, deps);
  addStateRoutes(app, deps);
  addBeaconRoutes(app, deps);
  addHealthRoutes(app, deps);
  addPageRoutes(app, page);
  return app;
}

/** Throws RPC_NAME_TAKEN. */
export function createRpcServer(o: RpcOptions, deps: RpcDeps): RpcServer {
  const { modules, close } = createModules(deps, o.modules ?? []);
  const { logger, gate } = deps;
  const observe = createObserver(deps);
  const dispatch = createDispatcher(modules, { logger, nowMs: () => performance.now(), observe, refuse: refuseBehind(gate) });
  const host = o.host ?? "127.0.0.1";
  const rules = { bound: host, named: parseHosts(o.hosts ?? []), origins: parseOrigins(o.cors ?? []) };
  const door = createDoor(rules, ({ code, message }) => logger.log("warn", "request refused", { code, reason: message }));
  const app = createApp(deps, dispatch, door);
  const webSocket: WebSocketFace = attachWebSocket(app.server, dispatch, {
    maxBodyBytes: MAX_BODY_BYTES,
    maxConnections: MAX_WEBSOCKETS,
    visitor: ({ headers }) => door.visitor("GET", headers),
  });
  gate?.onClose(({ code }) => webSocket.endSubscriptions(code));
  deps.metrics.gauge("noema_rpc_websockets", "WebSocket connections", webSocket.connections);
  deps.metrics.gauge("noema_rpc_subscriptions", "subscriptions of all WebSocket connections", webSocket.subscriptions);
  return {
    app,
    dispatch,
    async start() {
      try {
        await app.listen({ host, port: o.port });
      } catch (error) {
        throw listenError("RPC", host, o.port, error);
      }
      return { port: (app.server.address() as AddressInfo).port };
    },
    async stop() {
      close();
      webSocket.close();
      await app.close();
    },
  };
}
