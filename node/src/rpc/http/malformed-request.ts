/** What never becomes a request of ours, in the form of our errors: bytes that are no HTTP, headers above the limit, a path that does not decode. */
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { FastifyReply } from "fastify";

const STATUS: Record<string, number> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 };

export function malformedBody(status: number): string {
  return JSON.stringify({ code: "RPC_HTTP_INVALID", message: (STATUS_CODES[status] ?? "Bad Request").toLowerCase() });
}

/** node:http's "clientError". */
export function refuseConnection({ code }: { code?: string }, socket: Socket): void {
  if (code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const status = STATUS[code ?? ""] ?? 400;
  const body = malformedBody(status);
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: application/json\r\n`;
  socket.end(`${head}Content-Length: ${body.length}\r\n\r\n${body}`);
}

/** Of the router. */
export function refusePath(_error: unknown, _request: unknown, reply: FastifyReply): void {
  void reply.code(400).type("application/json").send(malformedBody(400));
}
