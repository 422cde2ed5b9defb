/** PUT /da as RFC 9110 has it, and what is said of a publication that waits, stands or is refused. */
import { once } from "node:events";
import { request } from "node:http";
import type { DataLayer, PublishProgress } from "@noema/core/ports/data";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { daError } from "@noema/da-layer/errors";
import { afterEach, expect, it } from "vitest";
import { createRpcServer, type RpcServer } from "../server.ts";
import { createFakeChain } from "../testing/fake-chain.ts";
import { createFakeData } from "../testing/fake-data.ts";

let server: RpcServer | undefined;
afterEach(() => server?.stop());

const ID = new Uint8Array(32).fill(5);
const HEX = `0x${"05".repeat(32)}`;

function serving(publish?: DataLayer["publish"]) {
  const data = createFakeData();
  if (publish !== undefined) data.publish = publish;
  server = createRpcServer({ port: 0 }, createFakeChain({ data }).deps);
  const { app } = server;
  return async (query = "", headers: Record<string, string> = {}, payload = "x") => {
    const answer = await app.inject({ method: "PUT", url: `/da${query}`, headers, payload });
    const { code } = JSON.parse(answer.body.split("\n")[0] ?? "") as { code?: string };
    return { status: answer.statusCode, code, answer };
  };
}

it.each([
  ["?color=red", {}, 400, "RPC_DA_QUERY_INVALID"],
  ["?namespace=0x01&namespace=0x02", {}, 400, "RPC_DA_QUERY_INVALID"],
  ["?raw&expiry=1x", {}, 400, "RPC_DA_QUERY_INVALID"],
  ["?raw&name=a.txt", {}, 400, "RPC_DA_QUERY_INVALID"],
  ["", { "content-encoding": "gzip" }, 415, "RPC_DA_ENCODING_UNKNOWN"],
  ["?raw", { "content-encoding": "identity, br" }, 415, "RPC_DA_ENCODING_UNKNOWN"],
  ["", { "content-range": "bytes 0-0/2" }, 400, "RPC_HTTP_INVALID"],
])("refuses what it does not understand: PUT /da%s %o", async (query, headers, status, code) => {
  let published = 0;
  const put = serving((data) => {
    published++;
    return preparing(data);
  });
  const refused = await put(query, headers as Record<string, string>);
  expect([refused.status, refused.code, published]).toEqual([status, code, 0]);
  expect(refused.answer.headers["accept-encoding"]).toBe(status === 415 ? "identity" : undefined);
});

it("takes what is encoded as it is", async () => {
  expect((await serving()("?namespace=0x0102&expiry=9000", { "content-encoding": "Identity" })).status).toBe(200);
});

async function* failing(error: Error): AsyncIterable<PublishProgress> {
  yield { step: "encoded", done: 1, id: ID };
  throw error;
}

it.each(["", "?raw", "?name=a.txt"])(
  "says of a halted chain that it stands, when to ask again, and which object goes on: PUT /da%s",
  async (query) => {
    const put = serving(() => failing(daError("DA_HALTED", "halted: 2 of 4 validators, quorum needs 3", { id: HEX })));
    const { status, answer } = await put(query);
    expect([status, answer.headers["retry-after"], answer.json()]).toEqual([
      503,
      "5",
      { code: "DA_HALTED", message: "halted: 2 of 4 validators, quorum needs 3", data: { id: HEX } },
    ]);
  },
);

it("ends the connection of who sends nothing any more", async () => {
  const { status, code, answer } = await serving(() => failing(daError("DA_STALLED", "3 bytes came, then too few")))();
  expect([status, code, answer.headers.connection]).toEqual([408, "DA_STALLED", "close"]);
});

async function* preparing(data: AsyncIterable<Uint8Array>): AsyncIterable<PublishProgress> {
  yield { step: "preparing", done: 0 };
  for await (const _ of data);
  yield { step: "preparing", done: 1 };
  yield { step: "encoded", done: 1, id: ID };
  yield { step: "included", done: 1, id: ID, height: 9 };
}

it("names the seconds for which what encodes was loaded, and who publishes", async () => {
  const clients: unknown[] = [];
  const put = serving((data, { from }) => {
    clients.push(from);
    return preparing(data);
  });
  const { answer } = await put();
  const seconds = { preparing: expect.any(Number), encoded: expect.any(Number), included: expect.any(Number) };
  expect(answer.json()).toEqual({ id: HEX, bytes: 1, state: "included", height: 9, seconds });
  await put("?name=a.txt");
  expect(clients).toEqual(["127.0.0.1", "127.0.0.1", "127.0.0.1"].slice(0, clients.length));
  expect(clients.length).toBeGreaterThan(1);
});

it.each(["?raw", "?name=a.txt"])("tells each step as it comes to who takes lines, that it waits before all: PUT /da%s", async (query) => {
  const { answer } = await serving(preparing)(query, { accept: "application/x-ndjson" });
  const lines = answer.body
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as object);
  expect(lines[0]).toMatchObject({ state: "preparing", done: 0 });
  expect(lines.at(-1)).toMatchObject({ state: "included", id: HEX });
});

it("does not wait for a body that does not begin", async () => {
  const clock = createSimClock();
  server = createRpcServer({ port: 0 }, { ...createFakeChain({ data: createFakeData() }).deps, clock });
  const { port } = await server.start();
  const asking = request({ port, method: "PUT", path: "/da", headers: { "content-length": 1000 } });
  asking.on("error", () => {}); // the connection is ended
  const answered = once(asking, "response");
  asking.flushHeaders();
  let status: number | undefined;
  answered.then(([response]) => (status = response.statusCode));
  while (status === undefined) {
    clock.advance(1000);
    await new Promise(setImmediate);
  }
  expect(status).toBe(408);
  asking.destroy();
});
