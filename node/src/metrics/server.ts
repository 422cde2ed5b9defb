/** GET /metrics. */
import { OWN_PORT_HEADERS, type OwnPort, openOwnPort } from "../web/own-port.ts";
import type { MetricsRegistry } from "./registry.ts";

const PLAIN = { ...OWN_PORT_HEADERS, "content-type": "text/plain; charset=utf-8" };

export type MetricsServer = OwnPort;

/** Throws PORT_IN_USE, HOST_UNUSABLE, LISTEN_FAILED. */
export function startMetricsServer(
  o: { host: string; port: number; hosts?: readonly string[] },
  registry: MetricsRegistry,
): Promise<MetricsServer> {
  return openOwnPort({
    ...o,
    name: "metrics",
    refuse: (response, { code, message }) => void response.writeHead(403, PLAIN).end(`${message} (${code})\n`),
    async answer(request, response) {
      request.resume();
      if (request.method !== "GET" || request.url?.split("?")[0] !== "/metrics") return void response.writeHead(404).end();
      try {
        const { type, body } = await registry.scrape();
        response.writeHead(200, { ...PLAIN, "content-type": type }).end(body);
      } catch {
        response.writeHead(500).end();
      }
    },
  });
}
