/** GET /metrics on a port of its own, so that it can be closed to those who may call RPC. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { listenError } from "../listen-error.ts";
import { parseHosts } from "../web/hosts.ts";
import { parseOrigins } from "../web/origins.ts";
import { visitorOf } from "../web/visitor.ts";
import type { MetricsRegistry } from "./registry.ts";

const PLAIN = {
  "content-type": "text/plain; charset=utf-8",
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
};

export type MetricsServer = { port: number; stop(): Promise<void> };

/** Throws PORT_IN_USE, HOST_UNUSABLE, LISTEN_FAILED. */
export async function startMetricsServer(
  o: { host: string; port: number; hosts?: readonly string[] },
  registry: MetricsRegistry,
): Promise<MetricsServer> {
  const rules = { bound: o.host, named: parseHosts(o.hosts ?? []), origins: parseOrigins([]) };
  const server = createServer(async (request, response) => {
    request.resume();
    const visitor = visitorOf(request.method ?? "", request.headers, rules);
    if ("code" in visitor) return void response.writeHead(403, PLAIN).end(`${visitor.message} (${visitor.code})\n`);
    if (request.method !== "GET" || request.url?.split("?")[0] !== "/metrics") return void response.writeHead(404).end();
    try {
      const { type, body } = await registry.scrape();
      response.writeHead(200, { ...PLAIN, "content-type": type }).end(body);
    } catch {
      response.writeHead(500).end();
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(listenError("metrics", o.host, o.port, error)));
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
