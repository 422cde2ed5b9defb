import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { loadModel } from "../../model/load.ts";
import { createDraw } from "../../testing/draw.ts";
import { randomOperator } from "../../testing/random-models.ts";
import { openRemoteBackend } from "./client.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const { file, input } = randomOperator("LUT8", createDraw(1));
const model = loadModel(file);
const answer = new Uint8Array(model.outputBytes).fill(7);

/** A worker that hangs up on the first so many questions; how often it was asked. */
async function worker(hangsUp: number): Promise<{ url: string; asked(): number }> {
  let asked = 0;
  server = createServer((request, response) => {
    if (request.method === "GET") response.end(JSON.stringify({ name: "a worker" }));
    else if (++asked <= hangsUp) request.socket.destroy();
    else response.end(answer);
  });
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked };
}

it("asks again where the worker closed the connection without an answer", async () => {
  const { url, asked } = await worker(1);
  const backend = await openRemoteBackend(url);
  expect(await backend.submit(model, [input])).toEqual([answer]);
  expect(asked()).toBe(2);
  backend.close();
});

it("asks no third time: a worker that hangs up again is lost", async () => {
  const { url, asked } = await worker(Number.POSITIVE_INFINITY);
  const backend = await openRemoteBackend(url);
  await expect(backend.submit(model, [input])).rejects.toMatchObject({ code: "BACKEND_LOST" });
  expect(asked()).toBe(2);
  backend.close();
});
