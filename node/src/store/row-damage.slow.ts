/** A node whose row files are damaged at 200 places: every read from it is right, what is damaged is named, and what was lost is there again. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { to0x } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { ROW_PAYLOAD } from "@noema/da-layer/blob/elements";
import { METHODS, rowsRequestType } from "@noema/da-layer/blob/wire";
import { testPayload } from "@noema/da-layer/testing/blob";
import { type BlobLanes, createBlobLanes, createMemoryFolder, publishUntilCertified, readAll } from "@noema/da-layer/testing/blob-lanes";
import { createKnownTauKzg } from "@noema/da-layer/testing/known-tau-kzg";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openRowFolder } from "./row-folder.ts";
import { testOwner } from "./testing/log-owner.ts";

const PLACES = 200;
const SEED = process.env.SEED ?? "row damage";
const never = new AbortController().signal;
/** Two objects of three rows: this node holds three of nine of each, in segments of two. */
const OBJECTS = [1, 2].map((seed) => testPayload(2 * ROW_PAYLOAD + 100, seed));
const SEGMENT = { segmentBytes: 300_000 };

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "noema-damage-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Lanes of four, of which the last has its rows on the disk. */
async function lanesOnDisk(own = {}): Promise<{ lanes: BlobLanes; restart: () => Promise<void> }> {
  const lanes = createBlobLanes(await createKnownTauKzg(), [1n, 1n, 1n, 1n], { hotRows: 0, ...own });
  for (let i = 0; i < 3; i++) await lanes.start(i);
  const folder = () => Object.assign(createMemoryFolder(), openRowFolder(join(root, "rows"), testOwner(), SEGMENT));
  const fresh = await lanes.start(3);
  let { catalog } = fresh;
  await fresh.lane.stop();
  fresh.network.leave();
  await lanes.start(3, { catalog, rows: folder() });
  return {
    lanes,
    async restart() {
      const { lane, network, catalog: old } = lanes.nodes[3]!;
      network.leave();
      await lane.stop();
      catalog = old.crash();
      await lanes.start(3, { catalog, rows: folder() });
    },
  };
}

function segments(): string[] {
  const bucket = join(root, "rows", "rows-14");
  return readdirSync(bucket)
    .sort()
    .map((name) => join(bucket, name));
}

it(`${PLACES} flipped bytes and truncations`, async () => {
  process.stdout.write(`SEED=${JSON.stringify(SEED)}\n`);
  const random = createSeededRandom(SEED);
  const { lanes, restart } = await lanesOnDisk();
  const ids: Hash[] = [];
  for (const data of OBJECTS) ids.push((await lanes.until(publishUntilCertified(lanes.nodes[0]!.lane, data))).id);
  await lanes.until(eventually(async () => (await heldOf(lanes, ids)).every((rows) => rows === 3)));
  cpSync(join(root, "rows"), join(root, "whole"), { recursive: true });
  const { catalog } = lanes.nodes[3]!;
  let named = 0;
  for (let place = 0; place < PLACES; place++) {
    const { lane, network } = lanes.nodes[3]!;
    network.leave();
    await lane.stop();
    rmSync(join(root, "rows"), { recursive: true });
    cpSync(join(root, "whole"), join(root, "rows"), { recursive: true });
    const path = random.chance(0.5) ? segments()[0]! : segments()[random.integer(segments().length)]!;
    const at = random.integer(statSync(path).size);
    const cut = random.chance(0.5);
    if (cut) truncateSync(path, at);
    else flip(path, at, 1 + random.integer(255));
    const context = `SEED=${SEED}, place ${place}: ${cut ? "cut" : "flipped"} at ${at} of ${path}`;
    lanes.lines.length = 0;
    const rows = Object.assign(createMemoryFolder(), openRowFolder(join(root, "rows"), testOwner(), SEGMENT));
    await lanes.start(3, { catalog: catalog.crash(), rows });
    for (const [i, id] of ids.entries()) {
      const read = await lanes.until(readAll(lanes.nodes[3]!.lane.retrieve(id, 0, undefined, never)));
      expect(Buffer.compare(read, OBJECTS[i]!), context).toBe(0);
      await readByAnother(lanes, id);
    }
    const lost = lanes.lines.filter(({ message }) => message.startsWith("an own row cannot be read"));
    for (const { level, fields } of lost) {
      expect(level).toBe("warn");
      expect(ids.map(to0x)).toContain(fields.object);
    }
    named += lost.length > 0 ? 1 : 0;
    await lanes.until(eventually(async () => (await heldOf(lanes, ids)).every((count) => count === 3)));
    if (lost.length === 0) continue;
    await restart();
    lanes.lines.length = 0;
    for (const id of ids) await readByAnother(lanes, id);
    expect(
      lanes.lines.filter(({ level }) => level === "warn"),
      context,
    ).toEqual([]);
  }
  expect(named).toBeGreaterThan(PLACES / 2);
});

it("a flipped byte that nobody asks for is found by the scrub, told, and written anew", async () => {
  const { lanes, restart } = await lanesOnDisk({ prepareAfterMs: 1000, scrubPeriodMs: 1000 });
  const ids: Hash[] = [];
  for (const data of OBJECTS) ids.push((await lanes.until(publishUntilCertified(lanes.nodes[0]!.lane, data))).id);
  const isWhole = async () => (await heldOf(lanes, ids)).every((rows) => rows === 3);
  await lanes.until(eventually(isWhole));
  flip(segments()[1]!, 100_000, 1);
  await restart();
  lanes.lines.length = 0;
  const warnings = () => lanes.lines.filter(({ level }) => level === "warn");
  await lanes.until(eventually(async () => warnings().length > 0));
  expect(warnings().map(({ fields }) => fields.object)).toEqual([to0x(ids[0]!)]);
  await lanes.until(eventually(isWhole));
  lanes.lines.length = 0;
  for (const id of ids) await readByAnother(lanes, id);
  expect(warnings()).toEqual([]);
});

function flip(path: string, at: number, by: number): void {
  const bytes = readFileSync(path);
  bytes[at]! ^= by;
  writeFileSync(path, bytes);
}

/** Rows of each object that the node holds. */
const heldOf = (lanes: BlobLanes, ids: readonly Hash[]) =>
  Promise.all(ids.map(async (id) => (await lanes.nodes[3]!.lane.status(id))?.rowsHeld ?? 0));

/** Somebody else reads all that the node holds. */
async function readByAnother(lanes: BlobLanes, id: Hash): Promise<void> {
  const body = rowsRequestType.serialize({ id, slots: Array.from({ length: 12 }, (_, slot) => slot) });
  await lanes.until(readAll(lanes.nodes[0]!.network.request("v3", METHODS.rows.name, body, 4 << 20, never)));
}

async function eventually(f: () => Promise<boolean>): Promise<void> {
  while (!(await f())) await new Promise((resolve) => setImmediate(resolve));
}
