import { setImmediate as turn } from "node:timers/promises";
import type { MessageStream, StreamMuxerFactory } from "@libp2p/interface";
import { expect, it } from "vitest";
import { gatherWrites } from "./gathered-writes.ts";

function createConnection() {
  const sent: string[] = [];
  const connection = {
    writeStatus: "writable",
    writableNeedsDrain: false,
    send(bytes: Uint8Array) {
      if (connection.writeStatus === "closed") throw new Error("Cannot write to a stream that is closed");
      sent.push(bytes.length > 9 ? `${bytes.length} bytes` : Buffer.from(bytes).toString());
      return true;
    },
    close: async () => void sent.push("close"),
    abort: () => sent.push("abort"),
  };
  const muxer: StreamMuxerFactory = { protocol: "/m", createStreamMuxer: (x) => x as never };
  const gathered = gatherWrites(muxer).createStreamMuxer(connection as unknown as MessageStream);
  const send = (data: string | Uint8Array) => (gathered as unknown as MessageStream).send(Buffer.from(data));
  return { connection, send, sent };
}

it("sends what comes in one turn as one write, in order, and long frames at once", async () => {
  const { send, sent } = createConnection();
  expect([send("a"), send("b")]).toEqual([true, true]);
  expect(sent).toEqual([]);
  await turn();
  send("c");
  send("x".repeat(64 << 10));
  expect(sent).toEqual(["ab", "65537 bytes"]);
  send("d");
  await turn();
  expect(sent).toEqual(["ab", "65537 bytes", "d"]);
});

it("says when the connection is full, closes behind what waits, and sends nothing after the end", async () => {
  const { connection, send, sent } = createConnection();
  connection.writableNeedsDrain = true;
  expect(send("a")).toBe(false);
  await connection.close();
  expect(sent).toEqual(["a", "close"]);
  send("b");
  connection.writeStatus = "closed";
  await turn();
  expect(sent).toEqual(["a", "close"]);
  expect(send("c")).toBe(false);
});

it("lets a window update wait for the next write, however many turns later, and one at half the window go by itself", async () => {
  const { send, sent } = createConnection();
  const update = (length: number) => Uint8Array.of(0, 1, 0, 0, 0, 0, 0, 7, 0, length, 0, 0);
  send(update(1));
  await turn();
  expect(sent).toEqual([]);
  send("data");
  await turn();
  expect(sent).toEqual(["16 bytes"]);
  send(update(2));
  await turn();
  expect(sent).toEqual(["16 bytes", "12 bytes"]);
});
