/** GET and PUT /state, and who may not. */
import { blockNumber } from "@noema/core/block-number";
import { concatBytes, to0x } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { isDump, readDump } from "@noema/execution/dump/read";
import { decodeChunk, MAX_CHUNK_BYTES } from "@noema/execution/system/chunk";
import { KIND, type Kind } from "@noema/execution/system/kinds";
import { decodeLoad, MAX_LOAD_CHUNKS } from "@noema/execution/system/load";
import { OUTCOME, type Outcome } from "@noema/execution/system/outcomes";
import { afterEach, expect, it } from "vitest";
import type { Ended } from "../../chain/operations.ts";
import { createGate } from "../../diverged/gate.ts";
import { createRpcServer, type RpcServer } from "../server.ts";
import { createFakeChain } from "../testing/fake-chain.ts";

const servers: RpcServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

const word = (n: number) => new Uint8Array(32).fill(n);

function serve(outcome: Outcome = OUTCOME.done, dev = true) {
  const chain = createFakeChain();
  const chunks: Bytes[] = [];
  const loads: number[] = [];
  async function submit(kind: Kind, body: Bytes): Promise<Ended> {
    if (kind === KIND.chunk) chunks.push(decodeChunk(body));
    else loads.push(decodeLoad(body).staged.length);
    return { outcome: kind === KIND.load ? outcome : OUTCOME.done, value: 3, applied: { id: word(1), height: 9, stateRoot: word(2) } };
  }
  const gate = createGate();
  const page = { number: blockNumber(4), height: 7, stateRoot: word(3), records: new Uint8Array(0), accounts: 0, slots: 0 };
  const execution = { ...chain.deps.execution, dump: async () => page };
  const server = createRpcServer({ port: 0 }, { ...chain.deps, gate, execution, operations: dev ? { submit } : undefined });
  servers.push(server);
  const put = async (payload: Uint8Array, headers: Record<string, string> = {}) => {
    const { statusCode, body } = await server.app.inject({ method: "PUT", url: "/state", payload: Buffer.from(payload), headers });
    return [statusCode, JSON.parse(body) as Record<string, unknown>] as const;
  };
  return { server, put, chunks, loads, gate };
}

const dumpOf = async (server: RpcServer) => (await server.app.inject({ method: "GET", url: "/state" })).rawPayload;

it("gives the state as a dump with its checksum", async () => {
  const { server } = serve();
  const dump = readDump(await dumpOf(server));
  expect([dump.whole, new Uint8Array(dump.stateRoot), [...dump.accounts()]]).toEqual([true, word(3), []]);
});

it("takes a dump in chunks, then loads all of it, and tells what the state is now", async () => {
  const { put, chunks, loads, server } = serve();
  const begin = (await dumpOf(server)).subarray(0, 12);
  const bytes = concatBytes(begin, createSeededRandom(7).bytes(3 * MAX_CHUNK_BYTES));
  expect(await put(bytes)).toEqual([200, { accounts: 3, height: 9, stateRoot: to0x(word(2)) }]);
  expect([chunks.map((x) => x.length), loads]).toEqual([[MAX_CHUNK_BYTES, MAX_CHUNK_BYTES, MAX_CHUNK_BYTES, 12], [4]]);
  expect(concatBytes(...chunks)).toEqual(bytes);
});

it("takes anvil's JSON for what it is, and refuses what is neither before it stages anything", async () => {
  const { put, chunks } = serve();
  expect((await put(Buffer.from('{"accounts":{}}')))[0]).toBe(200);
  expect(chunks.splice(0).map(isDump)).toEqual([true]);
  for (const bad of ["neither of the two", "{", '{"accounts":7, "more":"than a few bytes"}', ""])
    expect(await put(Buffer.from(bad))).toMatchObject([400, { code: "DEV_DUMP_MALFORMED" }]);
  expect(chunks).toEqual([]);
});

it("takes four at once", async () => {
  const { put } = serve();
  const answers = await Promise.all(Array.from({ length: 5 }, () => put(Buffer.from('{"accounts":{}}'))));
  expect(answers.map(([status]) => status)).toEqual([200, 200, 200, 200, 503]);
  expect((await put(Buffer.from('{"accounts":{}}')))[0]).toBe(200);
});

it("refuses one that is too large with what there was of it, and says what execution says", async () => {
  const { put, server, loads } = serve();
  const begin = (await dumpOf(server)).subarray(0, 12);
  const large = new Uint8Array((MAX_LOAD_CHUNKS + 1) * MAX_CHUNK_BYTES);
  large.set(begin);
  expect(await put(large)).toMatchObject([413, { code: "DEV_DUMP_TOO_LARGE" }]);
  expect(loads).toEqual([]);
  const refusals: [Outcome, number, string][] = [
    [OUTCOME.dumpChecksum, 400, "DEV_DUMP_CHECKSUM"],
    [OUTCOME.outOfRange, 400, "DEV_OUT_OF_RANGE"],
    [OUTCOME.stagedUnknown, 503, "DEV_STAGED_UNKNOWN"],
    [OUTCOME.busy, 503, "DEV_BUSY"],
  ];
  for (const [outcome, status, code] of refusals)
    expect(await serve(outcome).put(large.subarray(0, 100))).toMatchObject([status, { code }]);
});

it("is for no other site's page, for no chain but one for development, and says nothing in doubt", async () => {
  const { put, chunks, gate, server } = serve();
  expect((await put(Buffer.from("{}"), { origin: "https://elsewhere.example" }))[0]).toBe(403);
  gate.close({ code: "EXEC_DIVERGED", message: "" });
  expect((await put(Buffer.from("{}")))[1]).toMatchObject({ code: "EXEC_DIVERGED" });
  expect((await server.app.inject({ method: "GET", url: "/state" })).statusCode).toBe(503);
  expect(chunks).toEqual([]);
  const other = serve(OUTCOME.done, false).server;
  expect((await other.app.inject({ method: "GET", url: "/state" })).statusCode).toBe(404);
  expect((await other.app.inject({ method: "PUT", url: "/state", payload: "{}" })).statusCode).toBe(404);
});
