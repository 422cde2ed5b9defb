import { createHash } from "node:crypto";
import type { DataLayer } from "@noema/core/ports/data";
import { daError } from "@noema/da-layer/errors";
import type { InjectOptions } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRpcServer, type RpcServer } from "../server.ts";
import { createFakeChain } from "../testing/fake-chain.ts";
import { createFakeData } from "../testing/fake-data.ts";

const BYTES = Buffer.from(Uint8Array.from({ length: 1000 }, (_, i) => i & 255));
const ID = `0x${createHash("sha256").update(BYTES).digest("hex")}`;
const ETAG = `"${ID}"`;
let data: DataLayer;
let server: RpcServer;

beforeEach(async () => {
  data = createFakeData();
  server = createRpcServer({ port: 0 }, createFakeChain({ data }).deps);
  await server.app.inject({ method: "PUT", url: "/da", payload: BYTES });
});
afterEach(() => server.stop());

const ask = (headers: InjectOptions["headers"] = {}, method: "GET" | "HEAD" = "GET", url = `/da/${ID}`) =>
  server.app.inject({ method, url, headers });

describe("ranges", () => {
  it.each([
    ["bytes=0-0", "bytes 0-0/1000", [0, 1]],
    ["bytes=990-2000", "bytes 990-999/1000", [990, 1000]],
    ["bytes=-7", "bytes 993-999/1000", [993, 1000]],
    ["bytes=-5000", "bytes 0-999/1000", [0, 1000]],
    ["bytes=-99999999999999999999", "bytes 0-999/1000", [0, 1000]],
    ["bytes=998-99999999999999999999", "bytes 998-999/1000", [998, 1000]],
    ["Bytes=5-", "bytes 5-999/1000", [5, 1000]],
  ])("%s", async (range, contentRange, [from, to]) => {
    const answer = await ask({ range });
    expect([answer.statusCode, answer.headers["content-range"]]).toEqual([206, contentRange]);
    expect(Buffer.compare(answer.rawPayload, BYTES.subarray(from, to))).toBe(0);
  });

  it.each(["bytes=5-3", "bytes=99999999999999999993-99999999999999999992", "bytes=0-1,5-6", "rows=0-1", "bytes=x", "bytes=-"])(
    "%s is ignored: all of it",
    async (range) => {
      const answer = await ask({ range });
      expect([answer.statusCode, answer.headers["content-range"], answer.rawPayload.length]).toEqual([200, undefined, 1000]);
    },
  );

  it.each(["bytes=1000-", "bytes=9007199254740993-", `bytes=${"9".repeat(400)}-`, "bytes=4000-5000", "bytes=-0"])(
    "%s is nowhere: 416 with the size",
    async (range) => {
      const answer = await ask({ range });
      expect([answer.statusCode, answer.headers["content-range"], answer.json().code]).toEqual([416, "bytes */1000", "RPC_RANGE_INVALID"]);
    },
  );

  it("hold under If-Range only for these bytes", async () => {
    const statuses = [ETAG, `W/${ETAG}`, '"other"', "Sat, 01 Jan 2028 00:00:00 GMT"].map(async (ifRange) => {
      const { statusCode, rawPayload } = await ask({ range: "bytes=0-9", "if-range": ifRange });
      return [statusCode, rawPayload.length];
    });
    expect(await Promise.all(statuses)).toEqual([
      [206, 10],
      [200, 1000],
      [200, 1000],
      [200, 1000],
    ]);
  });
});

describe("what is known already", () => {
  it.each([ETAG, `W/${ETAG}`, `"a", ${ETAG} ,"b"`, "*"])("If-None-Match %s: 304 without bytes", async (tags) => {
    const answer = await ask({ "if-none-match": tags, range: "bytes=0-9" });
    expect([answer.statusCode, answer.headers.etag, answer.rawPayload.length]).toEqual([304, ETAG, 0]);
  });

  it("is not assumed of another tag, or of an object that is not there", async () => {
    expect((await ask({ "if-none-match": '"other"' })).statusCode).toBe(200);
    expect((await ask({ "if-none-match": "*" }, "GET", `/da/0x${"11".repeat(32)}`)).statusCode).toBe(404);
  });
});

it("HEAD says what GET would, and reads no row of an object", async () => {
  data.retrieve = () => expect.fail("rows are read");
  const { statusCode, headers, rawPayload } = await ask({ range: "bytes=0-9" }, "HEAD", `/da/${ID}?raw`);
  expect([statusCode, headers["content-length"], headers.etag, headers["accept-ranges"]]).toEqual([200, "1000", ETAG, "bytes"]);
  expect(rawPayload.length).toBe(0);
  expect((await ask({}, "HEAD", `/da/0x${"11".repeat(32)}`)).statusCode).toBe(404);
});

it("refuses query members, which it has none of", async () => {
  const answer = await ask({}, "GET", `/da/${ID}?offset=3`);
  expect([answer.statusCode, answer.json()]).toEqual([400, expect.objectContaining({ code: "RPC_DA_QUERY_INVALID" })]);
});

describe("what cannot be had is answered by its kind", () => {
  const data = { rows: 3, needed: 5, of: 16, liars: ["0xab"] };
  it.each([
    [daError("DA_UNAVAILABLE", "3 good rows", data), 503, "5", data],
    [daError("DA_NOT_CERTIFIED", "no certificate", data), 503, "1", data],
    [daError("DA_READS_BUSY", "32 reads", { limit: 32 }), 503, "1", { limit: 32 }],
    [daError("DA_EXPIRED", "kept to height 9", { expiry: 9 }), 410, undefined, { expiry: 9 }],
    [daError("DA_NOT_FOUND", "not known"), 404, undefined, undefined],
  ])("%s", async (error, status, retryAfter, told) => {
    expect(await failing(error)).toEqual([status, retryAfter, { code: error.code, message: error.message, data: told }]);
  });

  it("and a path or a peer of the node is in none of it", async () => {
    const [status, , body] = await failing(daError("DA_WORKER_FAILED", "/var/node/blobs", { path: "/var/node" }));
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain("/var");
  });

  async function failing(error: Error): Promise<unknown[]> {
    const own = createFakeData();
    own.status = async () => ({ bytes: 1000, rowsHeld: 0, rows: 16 });
    own.retrieve = () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) });
    const other = createRpcServer({ port: 0 }, createFakeChain({ data: own }).deps);
    const { statusCode, headers, body } = await other.app.inject({ url: `/da/${ID}` });
    await other.stop();
    return [statusCode, headers["retry-after"], JSON.parse(body)];
  }
});

it("says which rows were read for the answer, and reads them again for who wants nothing from memory", async () => {
  const { retrieve } = data;
  data.retrieve = (id, from, to, signal, o) => {
    if (o?.fresh) o.onRows?.([9, 2, 0, 1]);
    return retrieve(id, from, to, signal);
  };
  const rows = async (headers: InjectOptions["headers"]) => (await ask(headers)).headers["noema-rows-read"];
  expect(await rows({})).toBeUndefined();
  expect(await rows({ "cache-control": "max-age=0, no-cache" })).toBe("0-2,9");
});

it("names a holder whose rows did not verify", async () => {
  const { retrieve } = data;
  data.retrieve = (id, from, to, signal, o) => {
    o?.onLiar?.("0xaa");
    o?.onLiar?.("0xbb");
    return retrieve(id, from, to, signal);
  };
  const answer = await ask();
  expect([answer.statusCode, answer.headers["noema-wrong-rows-from"], answer.rawPayload.length]).toEqual([200, "0xaa, 0xbb", 1000]);
});
