import type { Hash } from "@noema/core/ports/bytes";
import { beforeAll, expect, it } from "vitest";
import { testPayload } from "../testing/blob.ts";
import { type BlobLanes, createBlobLanes, publishUntilCertified, readAll } from "../testing/blob-lanes.ts";
import { createKnownTauKzg } from "../testing/known-tau-kzg.ts";
import { askRows } from "./ask-rows.ts";
import { assignSlots } from "./assignment.ts";
import { treeDepth } from "./chunk-tree.ts";
import { ROW_BYTES, ROW_PAYLOAD } from "./elements.ts";
import type { Kzg } from "./kzg.ts";
import type { BlobObject } from "./object.ts";
import { encodeRowRecord } from "./row-record.ts";
import { createLocalRowWorker } from "./row-worker.ts";
import { METHODS, rowsRequestType } from "./wire.ts";

const never = new AbortController().signal;
/** Five rows: four holders with four slots each, so a reader needs two. */
const DATA = testPayload(4 * ROW_PAYLOAD + 100);
let kzg: Kzg;

beforeAll(async () => {
  kzg = await createKnownTauKzg();
});

type Reading = { lanes: BlobLanes; id: Hash; holders: number[]; read(): Promise<{ ms: number; right: boolean; liars: string[] }> };

/** Four validators, one that only reads, and one object; `holders`: validators in the order of their slots. */
async function reading(hotRows = 0): Promise<Reading> {
  const lanes = createBlobLanes(kzg, [1n, 1n, 1n, 1n], { hotRows });
  for (let i = 0; i < 5; i++) await lanes.start(i);
  const { id } = await lanes.until(publishUntilCertified(lanes.nodes[0]!.lane, DATA));
  await lanes.clock.advanceAsync(1000);
  const { ranges } = assignSlots(lanes.set, 5, lanes.seed, lanes.set.members[0]!.feeAddress, 0);
  const holders = [...ranges].sort((a, b) => a.from - b.from).map(({ validator }) => validator);
  return {
    lanes,
    id,
    holders,
    async read() {
      const liars: string[] = [];
      const began = lanes.clock.nowMs();
      const bytes = await lanes.until(
        readAll(lanes.nodes[4]!.lane.retrieve(id, 0, undefined, never, { onLiar: (liar) => liars.push(liar) })),
      );
      return { ms: lanes.clock.nowMs() - began, right: Buffer.compare(bytes, DATA) === 0, liars };
    },
  };
}

/** As SIGSTOP leaves it: connected, and nothing comes. Returns how many questions it was asked, and how it goes on. */
function stop({ lanes }: Reading, validator: number): { asked: () => number } {
  let asked = 0;
  lanes.nodes[validator]!.network.serve(METHODS.rows.name, async function* (_from, _body, signal) {
    asked++;
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    yield new Uint8Array();
  });
  return { asked: () => asked };
}

it("a stopped holder costs one hedge, and the next reads nothing", async () => {
  const run = await reading();
  const quiet = await run.read();
  expect(quiet).toMatchObject({ right: true, liars: [] });
  expect(quiet.ms).toBeLessThan(100);
  const stopped = stop(run, run.holders[0]!);
  const first = await run.read();
  expect(first.right).toBe(true);
  expect(first.ms).toBeGreaterThanOrEqual(300);
  expect(first.ms).toBeLessThan(500);
  expect(stopped.asked()).toBe(1);
  for (let i = 0; i < 3; i++) expect((await run.read()).ms).toBeLessThan(100);
  expect(stopped.asked()).toBe(1);
  await run.lanes.clock.advanceAsync(31_000); // it may have come back
  expect((await run.read()).right).toBe(true);
  expect(stopped.asked()).toBe(2);
  await run.lanes.clock.advanceAsync(31_000); // but it has not, twice
  expect((await run.read()).ms).toBeLessThan(100);
  expect(stopped.asked()).toBe(2);
  await run.lanes.clock.advanceAsync(30_000);
  expect((await run.read()).right).toBe(true);
  expect(stopped.asked()).toBe(3);
});

it("a file's first bytes and then all of it beside a stopped holder: rows are fetched and decoded once", async () => {
  const run = await reading(128);
  stop(run, run.holders[0]!);
  const { lane } = run.lanes.nodes[4]!;
  const head = await run.lanes.until(readAll(lane.retrieve(run.id, 0, 15, never)));
  expect(head).toEqual(DATA.subarray(0, 15));
  for (let i = 0; i < 4; i++) run.lanes.nodes[i]!.network.serve(METHODS.rows.name, () => expect.fail("a row is asked for again"));
  expect((await run.read()).right).toBe(true);
});

it("a row that is in memory is not asked for again", async () => {
  const run = await reading(128);
  const { lane } = run.lanes.nodes[4]!;
  await run.lanes.until(readAll(lane.retrieve(run.id, 0, 15, never)));
  const asked: number[] = [];
  for (let i = 0; i < 4; i++) {
    const { network } = run.lanes.nodes[i]!;
    network.serve(METHODS.rows.name, async function* (_from, body) {
      const { slots } = rowsRequestType.deserialize(body);
      asked.push(...slots);
      yield* [];
    });
  }
  await expect(run.read()).rejects.toMatchObject({ code: "DA_UNAVAILABLE", data: { rows: 1 } });
  expect(asked).not.toContain(0);
});

it("tells which rows were read, and reads what is in memory again where that is asked for", async () => {
  const run = await reading(128);
  const { lane } = run.lanes.nodes[4]!;
  const read = async (fresh: boolean) => {
    let rows: readonly number[] | undefined;
    const o = { fresh, onRows: (slots: readonly number[]) => (rows = slots) };
    await run.lanes.until(readAll(lane.retrieve(run.id, 0, undefined, never, o)));
    return rows?.toSorted((a, b) => a - b);
  };
  expect([await read(false), await read(false), await read(true)]).toEqual([[0, 1, 2, 3, 4], undefined, [0, 1, 2, 3, 4]]);
});

it("two stopped holders of four, one of them of the hedge: an answer within 1 s", async () => {
  const run = await reading();
  for (const holder of run.holders.slice(0, 2)) stop(run, holder);
  const { ms, right } = await run.read();
  expect(right).toBe(true);
  expect(ms).toBeLessThan(1000);
});

it("too few rows: within 1 s, and how many of how many", async () => {
  const run = await reading();
  for (const holder of run.holders.slice(0, 3)) stop(run, holder);
  const began = run.lanes.clock.nowMs();
  await expect(run.read()).rejects.toMatchObject({ code: "DA_UNAVAILABLE", data: { rows: 4, needed: 5, of: 16, liars: [] } });
  expect(run.lanes.clock.nowMs() - began).toBeLessThanOrEqual(1000);
});

it.each([
  ["nobody knows, with one silent", 1, "DA_NOT_FOUND"],
  ["nobody here knows, with everybody silent, who may", 4, "DA_UNAVAILABLE"],
])("an object that %s: within 1 s", async (_, silent, code) => {
  const { lanes } = await reading();
  for (let i = 0; i < silent; i++)
    lanes.nodes[i]!.network.serve(METHODS.object.name, async function* (_from, _body, signal) {
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      yield new Uint8Array();
    });
  const began = lanes.clock.nowMs();
  const unknown = readAll(lanes.nodes[4]!.lane.retrieve(new Uint8Array(32), 0, undefined, never));
  await expect(lanes.until(unknown)).rejects.toMatchObject({ code });
  expect(lanes.clock.nowMs() - began).toBeLessThanOrEqual(1000);
});

it("a holder of flipped bits is named by its key in the answer, not waited for, and asked no more", async () => {
  const run = await reading();
  const { lanes, holders } = run;
  let asked = 0;
  lanes.nodes[holders[0]!]!.network.serve(METHODS.rows.name, async function* (_from, body) {
    asked++;
    const path = new Array<Uint8Array>(treeDepth(16)).fill(new Uint8Array(32));
    for (const slot of rowsRequestType.deserialize(body).slots)
      yield encodeRowRecord({ slot, row: new Uint8Array(ROW_BYTES).fill(1), path });
  });
  const key = lanes.signers[holders[0]!]!.publicKey;
  const first = await run.read();
  expect(first).toMatchObject({ right: true, liars: [key] });
  expect(first.ms).toBeLessThan(300);
  expect(lanes.lines).toContainEqual(expect.objectContaining({ level: "warn", fields: expect.objectContaining({ key }) }));
  expect(await run.read()).toMatchObject({ right: true, liars: [] });
  expect(asked).toBe(1);
  for (const holder of holders.slice(2)) stop(run, holder);
  await expect(run.read()).rejects.toMatchObject({ code: "DA_UNAVAILABLE", data: { rows: 4, liars: [key] } });
});

it("a holder that dribbles does not hold up those who do not", async () => {
  const run = await reading();
  const { lanes, holders } = run;
  lanes.nodes[holders[0]!]!.network.serve(METHODS.rows.name, async function* (_from, _body, signal) {
    while (!signal.aborted) {
      await new Promise<void>((resolve) => void lanes.clock.after(100, resolve));
      yield new Uint8Array(1);
    }
  });
  const { ms, right } = await run.read();
  expect(right).toBe(true);
  expect(ms).toBeLessThan(500);
});

it("no clock is left running by a read", async () => {
  const run = await reading();
  stop(run, run.holders[0]!);
  await run.read();
  await run.lanes.clock.advanceAsync(15_000); // the workers' preparation
  expect(run.lanes.clock.pending()).toBe(run.lanes.nodes.length); // one each: the scrub
});

it("what was read of late is read again without asking anybody, and no more than fits", async () => {
  const run = await reading(5);
  expect((await run.read()).right).toBe(true);
  for (const holder of run.holders) stop(run, holder);
  const again = await run.read();
  expect(again.right).toBe(true);
  expect(again.ms).toBeLessThanOrEqual(5); // one step of the clock
  const small = await reading(4);
  expect((await small.read()).right).toBe(true);
  for (const holder of small.holders) stop(small, holder);
  await expect(small.read()).rejects.toMatchObject({ code: "DA_UNAVAILABLE" });
});

it("takes so many reads at once and refuses the next, until one has ended", async () => {
  const { lanes, id } = await reading();
  const { lane } = lanes.nodes[4]!;
  const begin = () => lane.retrieve(id, 0, 10, never)[Symbol.asyncIterator]();
  const reads = Array.from({ length: 32 }, begin);
  for (const read of reads) expect((await lanes.until(read.next())).done).toBe(false);
  await expect(begin().next()).rejects.toMatchObject({ code: "DA_READS_BUSY", data: { limit: 32 } });
  await reads[3]!.return?.();
  expect((await lanes.until(begin().next())).done).toBe(false);
});

it("one holder that sends nothing, or nothing more, is told from one that is slow", async () => {
  const { lanes, id, holders } = await reading();
  const object = { meta: { N: 16 } } as BlobObject; // all that is read of it before a row is there
  const { network } = lanes.nodes[4]!;
  const peer = { id: `v${holders[0]}` };
  const chunks = [0, 90, 90, 90, 500];
  lanes.nodes[holders[0]!]!.network.serve(METHODS.rows.name, async function* () {
    for (const ms of chunks) {
      await new Promise<void>((resolve) => void lanes.clock.after(ms, resolve));
      yield new Uint8Array(10);
    }
  });
  const began = lanes.clock.nowMs();
  const parts = { network, clock: lanes.clock, worker: createLocalRowWorker(async () => kzg) };
  const asking = askRows(
    parts,
    { peer, object, id, slots: [0] },
    () => 100,
    () => {},
    never,
  );
  await expect(lanes.until(asking)).rejects.toMatchObject({ code: "DA_HOLDER_SILENT" });
  expect(lanes.clock.nowMs() - began).toBeGreaterThanOrEqual(370);
  expect(lanes.clock.nowMs() - began).toBeLessThan(500);
});
