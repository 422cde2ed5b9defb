import { ROW_PAYLOAD } from "@noema/da-layer/blob/elements";
import { testMeta, testPayload } from "@noema/da-layer/testing/blob";
import { afterAll, expect, it } from "vitest";
import { createDataThread } from "./data-thread.ts";

const worker = createDataThread();
afterAll(() => worker.close());

const bytes = ROW_PAYLOAD + 100;

it("says when it is prepared", async () => {
  const told: string[] = [];
  const fresh = createDataThread((what) => told.push(what));
  expect(fresh.isPrepared()).toBe(false);
  await fresh.prepare();
  expect([fresh.isPrepared(), told]).toEqual([true, ["starts", "prepared"]]);
  await fresh.close();
  expect(fresh.isPrepared()).toBe(false);
});

it("encodes, checks and decodes in its thread while this one stays free", async () => {
  const payload = testPayload(bytes);
  const encoding = worker.encode(testMeta(bytes), payload);
  // This thread comes round while the other encodes; encoded here, it would have come first.
  const turn = new Promise((done) => setImmediate(() => done("a turn")));
  expect(await Promise.race([encoding, turn])).toBe("a turn");
  const { object, rows, paths } = await encoding;
  await worker.checkObject(object);
  const faults = await worker.checkRows(object, [
    { slot: 4, row: rows[4]!, path: paths[4]! },
    { slot: 5, row: rows[4]!, path: paths[5]! },
  ]);
  expect(faults).toEqual([undefined, "bad path"]);
  const decoded = await worker.decode(
    [4, 5].map((s) => [s, rows[s]!] as const),
    2,
  );
  expect(decoded.map((row, i) => Buffer.compare(row, rows[i]!))).toEqual([0, 0]);
  await expect(worker.checkObject({ ...object, proof: rows[0]!.subarray(0, 48) })).rejects.toMatchObject({ code: "DA_OBJECT_INVALID" });
});

it("a call after the thread ended starts another; what it left unanswered fails with a code", async () => {
  const left = Promise.allSettled([worker.encode(testMeta(bytes), testPayload(bytes)), worker.decode([], 1)]);
  await worker.close();
  // What the thread has begun may be answered while it is ended (shelter.ts).
  for (const end of await left) if (end.status === "rejected") expect(end.reason).toMatchObject({ code: "DA_WORKER_FAILED" });
  await expect(worker.decode([], 1)).rejects.toMatchObject({ code: "DA_WORKER_FAILED" });
  const [row] = await worker.decode([[0, new Uint8Array(131_072)]], 1);
  expect(row).toHaveLength(131_072);
});
