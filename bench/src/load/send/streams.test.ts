import { describe, expect, it } from "vitest";
import { type Answer, createAnswerReader } from "./http-answers.ts";
import { clientFrame } from "./ws.ts";
import { createFrameReader } from "./ws-frames.ts";

/** However a stream is cut, the same comes out. */
const CUTS = [1, 7, 1000];

function pieces(data: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(data.length / size) }, (_, k) => data.subarray(k * size, (k + 1) * size));
}

describe.each(CUTS)("a stream in pieces of %i bytes", (size) => {
  it("is HTTP answers by length and in chunks", () => {
    const text = [
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\ncontent-length: 5\r\n\r\nfirst",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nseco\r\n2\r\nnd\r\n0\r\n\r\n",
      "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n",
    ];
    const answers: Answer[] = [];
    const read = createAnswerReader((answer) => answers.push(answer));
    for (const piece of pieces(Buffer.from(text.join("")), size)) read(piece);
    expect(answers.map((x) => [x.status, x.body.toString()])).toEqual([
      [200, "first"],
      [200, "second"],
      [503, ""],
    ]);
  });

  it("is a WebSocket's handshake, messages in parts, pings and its end", () => {
    const server = (head: number, text: string) => {
      const frame = clientFrame(head, Buffer.from(text));
      const start = frame.length - text.length - 4;
      frame[1] = (frame[1] as number) & 0x7f; // a server does not mask
      return Buffer.concat([frame.subarray(0, start), frame.subarray(start + 4)]);
    };
    const long = "x".repeat(300);
    const stream = [
      Buffer.from("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"),
      server(0x81, long),
      server(0x01, "be"),
      server(0x89, "!"),
      server(0x80, "gun"),
      server(0x88, "\x03\xe8bye"),
    ];
    const heard: string[] = [];
    const read = createFrameReader({
      opened: () => heard.push("open"),
      text: (body) => heard.push(body.toString()),
      ping: (payload) => heard.push(`ping ${payload}`),
      close: (reason) => heard.push(reason.slice(0, 7)),
    });
    for (const piece of pieces(Buffer.concat(stream), size)) read(piece);
    expect(heard).toEqual(["open", long, "ping !", "begun", "closed:"]);
  });
});

it("a client's frame of each length says it and is masked", () => {
  const lengths = [5, 125, 126, 65_535, 65_536];
  const heads = lengths.map((length) => clientFrame(0x81, new Uint8Array(length)));
  expect(heads.map((x) => x.length)).toEqual(lengths.map((x) => x + (x < 126 ? 6 : x < 65_536 ? 8 : 14)));
  expect(heads.every((x) => ((x[1] as number) & 0x80) !== 0)).toBe(true);
});
