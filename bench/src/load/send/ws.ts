/** WebSocket (RFC 6455) over a raw socket: frames are made before, masked with zeros, which leaves their bytes as they are. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { benchError } from "../errors.ts";
import type { Connection, Wire } from "./connection.ts";
import { createFrameReader } from "./ws-frames.ts";

const TEXT = 0x81;
const PONG = 0x8a;
const MASKED = 0x80;

export function wsWire(address: string): Wire {
  const url = new URL(address);
  return { frame: (body) => clientFrame(TEXT, Buffer.from(body)), connect: (failed) => open(url, failed) };
}

/** Section 5.2; the mask of four zero bytes is a mask. */
export function clientFrame(head: number, payload: Uint8Array): Buffer {
  const { length } = payload;
  const extra = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const frame = Buffer.alloc(2 + extra + 4 + length);
  frame[0] = head;
  frame[1] = MASKED | (extra === 0 ? length : extra === 2 ? 126 : 127);
  if (extra === 2) frame.writeUInt16BE(length, 2);
  if (extra === 8) frame.writeBigUInt64BE(BigInt(length), 2);
  frame.set(payload, 2 + extra + 4);
  return frame;
}

async function open(url: URL, failed: (reason: string) => void): Promise<Connection> {
  const socket = connect({ host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port || 80), noDelay: true });
  await once(socket, "connect");
  const key = randomBytes(16).toString("base64");
  socket.write(
    `GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  );
  const waiting = new Map<number, (body: Buffer) => void>();
  let closing = false;
  const end = (reason: string) => {
    if (closing) return;
    closing = true;
    socket.destroy();
    failed(`${url.href}: ${reason}`);
  };
  await new Promise<void>((resolve, reject) => {
    socket.on("error", (error) => end(error.message));
    socket.on("close", () => {
      reject(benchError("BENCH_TARGET_FAILED", `${url.href}: no WebSocket answers there`));
      end("the connection was closed");
    });
    const read = createFrameReader({
      opened: resolve,
      text(body) {
        const id = idIn(body);
        const answered = waiting.get(id);
        if (answered === undefined) return end(`an answer to no request: ${body.toString("utf8", 0, 300)}`);
        waiting.delete(id);
        answered(body);
      },
      ping: (payload) => void socket.write(clientFrame(PONG, payload)),
      close: end,
    });
    socket.on("data", read);
  });
  return {
    send(request, id, answered) {
      waiting.set(id, answered);
      socket.write(request);
    },
    close() {
      closing = true;
      socket.destroy();
    },
  };
}

const ID = Buffer.from('"id":');

/** The first id: of a batch, that of its first answer. */
function idIn(body: Buffer): number {
  const at = body.indexOf(ID);
  return Number.parseInt(body.toString("latin1", at + ID.length, at + ID.length + 12), 10);
}
