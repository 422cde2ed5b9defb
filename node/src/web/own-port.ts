/** A small server on a port of its own, so that it can be closed to those who may call RPC: metrics, and a gpu-worker. */
import { createServer, type IncomingMessage, type ServerOptions, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { listenError } from "../listen-error.ts";
import { parseHosts } from "./hosts.ts";
import { parseOrigins } from "./origins.ts";
import { type Refusal, visitorOf } from "./visitor.ts";

/** Of every answer. */
export const OWN_PORT_HEADERS = { "x-content-type-options": "nosniff", "cross-origin-resource-policy": "same-origin" };

export type OwnPort = { port: number; stop(): Promise<void> };

/** `name` is for messages. `refuse` answers pages of other sites and other names; whoever may ask is answered by `answer`. */
export type OwnPortOptions = {
  name: string;
  host: string;
  port: number;
  hosts?: readonly string[];
  server?: ServerOptions;
  refuse(response: ServerResponse, refusal: Refusal): void;
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
};

/** Throws PORT_IN_USE, HOST_UNUSABLE, LISTEN_FAILED. */
export async function openOwnPort(o: OwnPortOptions): Promise<OwnPort> {
  const rules = { bound: o.host, named: parseHosts(o.hosts ?? []), origins: parseOrigins([]) };
  const server = createServer(o.server ?? {}, (request, response) => {
    const visitor = visitorOf(request.method ?? "", request.headers, rules);
    if ("code" in visitor) o.refuse(response, visitor);
    else void o.answer(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(listenError(o.name, o.host, o.port, error)));
    server.listen(o.port, o.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
