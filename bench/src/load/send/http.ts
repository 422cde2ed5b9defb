/** HTTP/1.1 over a raw socket that stays open: a request is bytes that were made before, an answer is handed on unparsed. */
import { once } from "node:events";
import { connect } from "node:net";
import { benchError } from "../errors.ts";
import type { Connection, Wire } from "./connection.ts";
import { createAnswerReader } from "./http-answers.ts";

/** Answers to requests that wait on one connection come in their order (RFC 9112, section 9.3.2). */
export function httpWire(address: string, path = "/", method = "POST"): Wire {
  const url = new URL(address);
  const head = `${method} ${url.pathname === "/" ? path : url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Type: application/json\r\n`;
  return {
    frame: (body) => Buffer.concat([Buffer.from(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`), Buffer.from(body)]),
    connect: (failed) => open(url, failed),
  };
}

async function open(url: URL, failed: (reason: string) => void): Promise<Connection> {
  if (url.protocol !== "http:") throw benchError("BENCH_TARGET_FAILED", `${url.href}: the load is sent over plain http: or ws:`);
  const socket = connect({ host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port || 80), noDelay: true });
  await once(socket, "connect");
  const waiting: ((body: Buffer) => void)[] = [];
  let closing = false;
  const end = (reason: string) => {
    if (closing) return;
    closing = true;
    socket.destroy();
    failed(`${url.href}: ${reason}`);
  };
  socket.on("error", (error) => end(error.message));
  socket.on("close", () => end("the connection was closed"));
  socket.on(
    "data",
    createAnswerReader(({ status, body }) => {
      if (status !== 200) return end(`HTTP ${status}: ${body.toString("utf8", 0, 300)}`);
      waiting.shift()?.(body);
    }),
  );
  return {
    send(request, _id, answered) {
      waiting.push(answered);
      socket.write(request);
    },
    close() {
      closing = true;
      socket.destroy();
    },
  };
}
