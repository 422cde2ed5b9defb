/** Files over HTTP: any size in, in one piece or chunked; out with type, name and ranges; directories; what the answers say on the way. */
import { createHash } from "node:crypto";
import { to0x } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { encodeListing } from "@noema/da-layer/files/listing";
import { MAGIC } from "@noema/da-layer/files/manifest";
import { writeFile } from "@noema/da-layer/files/write-file";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRpcServer, type RpcServer } from "../server.ts";
import { createFakeChain } from "../testing/fake-chain.ts";
import { createFakeData } from "../testing/fake-data.ts";

const OBJECT = 100_000; // the fake chain's
const data = createFakeData();
let server: RpcServer;
let url: string;

beforeEach(async () => {
  const { deps } = createFakeChain({ data });
  server = createRpcServer({ port: 0 }, deps);
  url = `http://127.0.0.1:${(await server.start()).port}`;
});
afterEach(() => server.stop());

const bytesOf = (length: number) => Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 9)) & 255));
const digest = (bytes: Uint8Array) => `0x${createHash("sha256").update(bytes).digest("hex")}`;
const put = (body: RequestInit["body"], query = "", headers: Record<string, string> = {}) =>
  fetch(`${url}/da${query}`, { method: "PUT", body, headers, duplex: "half" } as RequestInit);
const get = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${url}/da/${path}`, { headers });
  return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
};
const inChunks = (bytes: Uint8Array) =>
  new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 33_333) controller.enqueue(bytes.subarray(at, at + 33_333));
      controller.close();
    },
  });

describe("a file of several objects", () => {
  const bytes = bytesOf(250_001);

  it.each([
    ["with its length", () => bytes],
    ["chunked", () => inChunks(bytes)],
  ])("is taken %s, and given back whole and across its objects", async (_, body) => {
    const answer = (await (await put(body(), "?name=a%20b.txt", { "content-type": "text/plain" })).json()) as { id: string };
    expect(answer).toMatchObject({ bytes: 250_001, objects: 4, state: "included", height: 7 });
    const whole = await get(answer.id);
    expect([whole.status, digest(whole.body)]).toEqual([200, digest(bytes)]);
    expect(Object.fromEntries(whole.headers)).toMatchObject({
      "content-type": "text/plain",
      "content-length": "250001",
      "content-disposition": "inline; filename*=UTF-8''a%20b.txt",
      "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
      "x-content-type-options": "nosniff",
    });
    for (const [range, from, to] of [
      ["bytes=99990-100010", 99_990, 100_011],
      ["bytes=-60000", 190_001, 250_001],
      ["bytes=100000-199999", 100_000, 200_000],
    ] as const) {
      const part = await get(answer.id, { range });
      expect([part.status, part.headers.get("content-range")]).toEqual([206, `bytes ${from}-${to - 1}/250001`]);
      expect(part.body).toEqual(bytes.subarray(from, to));
    }
    expect((await get(answer.id, { range: "bytes=250001-" })).status).toBe(416);
    const etag = whole.headers.get("etag") as string;
    const across = { range: "bytes=99990-100010" };
    expect((await get(answer.id, { ...across, "if-range": etag })).body).toEqual(bytes.subarray(99_990, 100_011));
    expect((await get(answer.id, { ...across, "if-range": '"another"' })).status).toBe(200);
    expect((await get(answer.id, { "if-none-match": `"another", ${etag}` })).status).toBe(304);
    const raw = await get(`${answer.id}?raw`);
    expect(raw.body.subarray(0, MAGIC.length)).toEqual(Buffer.from(MAGIC));
    expect(JSON.parse((await get(`${answer.id}?stat`)).body.toString())).toEqual({
      id: answer.id,
      kind: "file",
      bytes: 250_001,
      sha256: digest(bytes),
      contentType: "text/plain",
      name: "a b.txt",
      entries: 3,
      depth: 0,
    });
  });

  it("says how far it is in lines, its id before its end", async () => {
    const response = await put(bytes, "", { accept: "application/x-ndjson" });
    const lines = (await response.text()).trim().split("\n");
    const [last, beforeLast] = lines.map((line) => JSON.parse(line)).reverse();
    expect(lines).toHaveLength(6);
    expect(last).toMatchObject({ state: "included", objects: 4, id: beforeLast.id });
  });

  it("that fails on its way says so in its last line", async () => {
    let published = 0;
    const failing = { ...data, publish: (...o: Parameters<typeof data.publish>) => (++published > 2 ? broken : data.publish(...o)) };
    const other = createRpcServer({ port: 0 }, createFakeChain({ data: failing }).deps);
    const at = `http://127.0.0.1:${(await other.start()).port}/da`;
    const response = await fetch(at, { method: "PUT", body: bytes, headers: { accept: "application/x-ndjson" } });
    const lines = (await response.text()).trim().split("\n");
    expect(JSON.parse(lines.at(-1) as string)).toEqual({ code: "RPC_INTERNAL", message: "internal error" });
    await other.stop();
  });
});

const broken = { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new TypeError("secret")) }) };

it("what begins as a manifest does comes back as it was, and as an object where that was meant", async () => {
  const bytes = new Uint8Array([...MAGIC, 1, 2, 3]);
  const { id } = (await (await put(bytes)).json()) as { id: string };
  expect((await get(id)).body).toEqual(Buffer.from(bytes));
  const raw = (await (await put(bytes, "?raw")).json()) as { id: string };
  const refused = await get(raw.id);
  expect([refused.status, JSON.parse(refused.body.toString()).message]).toEqual([
    422,
    "a manifest that breaks its form: its bytes are no manifest's",
  ]);
  expect((await get(`${raw.id}?raw`)).body).toEqual(Buffer.from(bytes));
});

it("says what an object holds at most, and refuses names that are none", async () => {
  expect(await (await fetch(`${url}/da`)).json()).toEqual({ maxObjectBytes: OBJECT });
  expect(await (await put("x", "?name=..")).json()).toMatchObject({ code: "RPC_DA_QUERY_INVALID" });
});

it("gives a name with quotes and brackets as RFC 8187 has it", async () => {
  const { id } = (await (await put("x", `?name=${encodeURIComponent("it's (1)*.txt")}`)).json()) as { id: string };
  expect((await get(id)).headers.get("content-disposition")).toBe("inline; filename*=UTF-8''it%27s%20%281%29%2A.txt");
});

it("lists a directory and gives its files by path", async () => {
  const sink = {
    objectBytes: OBJECT,
    sha256: () => createHash("sha256"),
    async publish(payload: Bytes) {
      const { id } = (await (await put(payload as Uint8Array<ArrayBuffer>, "?raw")).json()) as { id: string };
      return { id: Buffer.from(id.slice(2), "hex") };
    },
  };
  const one = async function* (bytes: Uint8Array) {
    yield bytes;
  };
  const file = await writeFile(sink, one(bytesOf(150_000)));
  const listing = encodeListing([{ path: "a/b ü.bin", bytes: 1000, id: file.id, offset: 99_500 }]);
  const directory = to0x((await writeFile(sink, one(listing), { kind: "directory", name: "set" })).id);
  const listed = JSON.parse((await get(directory)).body.toString());
  expect(listed).toMatchObject({ kind: "directory", name: "set", files: [{ path: "a/b ü.bin", bytes: 1000, offset: 99_500 }] });
  expect(JSON.parse((await get(`${directory}/`)).body.toString())).toEqual(listed);
  const { headers } = await get(directory);
  expect([headers.get("etag"), headers.get("last-modified")]).toEqual([`"${directory}"`, null]);
  const again = await get(directory, { "if-none-match": `"${directory}"` });
  expect([again.status, again.body.length]).toEqual([304, 0]);
  const path = `${directory}/a/${encodeURIComponent("b ü.bin")}`;
  expect((await get(path)).body).toEqual(bytesOf(150_000).subarray(99_500, 100_500));
  expect((await get(path, { range: "bytes=10-19" })).body).toEqual(bytesOf(150_000).subarray(99_510, 99_520));
  const shared = JSON.parse((await get(`${path}?stat`)).body.toString());
  expect(shared).toEqual({ id: to0x(file.id), kind: "file", bytes: 1000, offset: 99_500 }); // hash and type of the shared file are not its own
  for (const query of ["raw", "stat&stat", "raw&raw", "raw&stat"]) {
    const refused = await get(`${query === "raw" ? path : directory}?${query}`);
    expect([query, refused.status, JSON.parse(refused.body.toString()).code]).toEqual([query, 400, "RPC_DA_QUERY_INVALID"]);
  }
  const missing = await get(`${directory}/a`);
  expect([missing.status, JSON.parse(missing.body.toString()).code]).toEqual([404, "DA_PATH_UNKNOWN"]);
});
