/** How long a body may take: an upload as long as its pace lets it, any other 300 s. */
import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { afterEach, expect, it } from "vitest";
import { createRpcServer, type RpcServer } from "../server.ts";
import { createFakeChain } from "../testing/fake-chain.ts";
import { createFakeData } from "../testing/fake-data.ts";

let server: RpcServer | undefined;
afterEach(() => server?.stop());

/** Begins a request whose body is announced, not sent. `came`: bytes that the data layer has been given. */
async function begin(method: string, path: string, headers: Record<string, string | number>) {
  const clock = createSimClock();
  let came = 0;
  const data = createFakeData();
  data.publish = async function* (body) {
    for await (const chunk of body) came += chunk.length;
    yield { step: "included", done: 1, id: new Uint8Array(32), height: 9 };
  };
  server = createRpcServer({ port: 0 }, { ...createFakeChain({ data }).deps, clock });
  const { port } = await server.start();
  const asking: ClientRequest = request({ port, method, path, headers });
  const answered = once(asking, "response").then(([response]) => response as IncomingMessage);
  const closed = new Promise((done) => asking.once("close", done));
  answered.catch(() => {});
  asking.on("error", () => {}); // the connection is ended
  asking.flushHeaders();
  return { clock, asking, answered, closed, came: () => came };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate);
}

it("an upload that keeps its pace takes as long as it takes", async () => {
  const { clock, asking, answered, came } = await begin("PUT", "/da?raw", { "content-length": 100 });
  for (let sent = 1; sent <= 100; sent++) {
    asking.write("x");
    await until(() => came() === sent);
    clock.advance(9000);
  }
  asking.end();
  expect((await answered).statusCode).toBe(200);
});

it("another body has 300 s", async () => {
  const { clock, asking, answered } = await begin("POST", "/", { "content-length": 100 });
  asking.write("{");
  await until(() => clock.pending() > 0);
  clock.advance(299_000);
  asking.write(" ");
  clock.advance(2000);
  expect((await answered).statusCode).toBe(408);
});

it("what is left of an upload that was refused has 300 s", async () => {
  const { clock, asking, answered, closed } = await begin("PUT", "/da?color=red", { "content-length": 100 });
  asking.write("x");
  (await answered).resume();
  await until(() => clock.pending() > 0);
  asking.write("x");
  clock.advance(301_000);
  await closed;
  expect(asking.destroyed).toBe(true);
});
