import { MessageChannel, Worker } from "node:worker_threads";
import { isNoemaError, NoemaError } from "@noema/core/errors";
import { afterEach, expect, it } from "vitest";
import { connect, expose, type Port, type Post } from "./rpc.ts";
import { postCopy } from "./transfer.ts";

const target = {
  async add(a: number, b: number) {
    return a + b;
  },
  async fail() {
    throw new NoemaError("TEST_CODE", "what happened", { limit: 7n });
  },
  async failUnclonable() {
    throw new NoemaError("TEST_CODE", "what happened", { f: () => {} });
  },
  async crash() {
    throw new TypeError("a fault");
  },
  async unclonable() {
    return () => {};
  },
  async never() {
    return new Promise<void>(() => {});
  },
  async bytes(data: Uint8Array) {
    return data.map((x) => x + 1);
  },
  async bufferBytes(nested: { view: Uint8Array }[]) {
    return nested.map(({ view }) => view.buffer.byteLength);
  },
};

let close = () => {};
afterEach(() => close());

function pair(post?: Post) {
  const { port1, port2 } = new MessageChannel();
  close = () => port1.close();
  expose(port1 as Port, target, { post });
  return { remote: connect<typeof target>(port2 as Port, "test", post), port1 };
}

it("calls methods, many at once, and carries bytes", async () => {
  const { remote } = pair();
  expect(await Promise.all([remote.add(1, 2), remote.add(3, 4)])).toEqual([3, 7]);
  expect(await remote.bytes(Uint8Array.of(1, 2))).toEqual(Uint8Array.of(2, 3));
});

it("hands over copies of bytes alone: a view brings its buffer along otherwise, and the sender keeps its own", async () => {
  const view = new Uint8Array(1000).subarray(10, 12);
  expect(await pair().remote.bufferBytes([{ view }])).toEqual([1000]);
  close();
  expect(await pair(postCopy).remote.bufferBytes([{ view }])).toEqual([2]);
  expect(view.length).toBe(2);
});

it("carries errors with code, message and data", async () => {
  const { remote } = pair();
  const error = await remote.fail().catch((e) => e);
  expect(isNoemaError(error, "TEST_CODE")).toBe(true);
  expect([error.message, error.data]).toEqual(["what happened", { limit: 7n }]);
  await expect(remote.crash()).rejects.toMatchObject({ name: "TypeError", message: "a fault" });
  await expect(remote.unclonable()).rejects.toThrow();
  await expect(remote.failUnclonable()).rejects.toMatchObject({ code: "TEST_CODE", message: "what happened" });
  await expect(remote.add((() => {}) as unknown as number, 1)).rejects.toThrow();
  expect(await remote.add(1, 2)).toBe(3);
});

it("offers own methods only", async () => {
  const { remote } = pair();
  for (const name of ["toString", "constructor", "hasOwnProperty", "absent"])
    await expect((remote as unknown as Record<string, () => Promise<unknown>>)[name]?.()).rejects.toThrow();
});

it("offers beside them what is there at the time", async () => {
  const { port1, port2 } = new MessageChannel();
  close = () => port1.close();
  let rest: object | undefined;
  const later = () => {
    if (rest === undefined) throw new Error("not yet");
    return rest;
  };
  expose(port1 as Port, target, { rest: later });
  const remote = connect<typeof target & { twice(n: number): Promise<number> }>(port2 as Port, "test");
  await expect(remote.twice(2)).rejects.toThrow("not yet");
  rest = { add: async () => 0, twice: async (n: number) => 2 * n };
  expect(await Promise.all([remote.twice(2), remote.add(1, 2)])).toEqual([4, 3]);
});

it("fails pending and later calls when the port closes", async () => {
  const { remote, port1 } = pair();
  const pending = remote.never();
  await remote.add(1, 1);
  port1.close();
  await expect(pending).rejects.toMatchObject({ code: "WORKER_DIED" });
  await expect(remote.add(1, 1)).rejects.toMatchObject({ code: "WORKER_DIED" });
});

it("fails pending calls when the worker dies", async () => {
  const worker = new Worker('require("node:worker_threads").parentPort.on("message", () => process.exit(3))', { eval: true });
  const remote = connect<typeof target>(worker as unknown as Port, "test");
  await expect(remote.never()).rejects.toMatchObject({ code: "WORKER_DIED" });
});
