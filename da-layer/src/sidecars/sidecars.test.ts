import { toHex } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { SidecarBlob } from "@noema/core/ports/sidecars";
import { nullLogger, nullMetrics } from "@noema/core/testing/null-ports";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { createSimNetwork } from "@noema/core/testing/sim-network";
import { expect, it } from "vitest";
import { createDiskRoom } from "../blob/disk-room.ts";
import { ROW_BYTES } from "../blob/elements.ts";
import { CELL_PROOFS, versionedHashOf } from "./record.ts";
import { createSidecars, type RunningSidecars } from "./sidecars.ts";
import type { SidecarFiles } from "./store.ts";

const RETENTION = 1600;

type Disk = Map<string, Map<string, Bytes>>;

function memoryFiles(disk: Disk): SidecarFiles {
  return {
    folders: async () => [...disk.keys()],
    has: async (folder, name) => disk.get(folder)?.has(name) ?? false,
    read: async (folder, name) => disk.get(folder)?.get(name),
    async write(folder, name, bytes) {
      disk.set(folder, (disk.get(folder) ?? new Map()).set(name, bytes));
    },
    async remove(folder, name) {
      disk.get(folder)?.delete(name);
    },
    async drop(folder) {
      disk.delete(folder);
    },
  };
}

/** Right proofs are of ones; the cell proofs that are made too. */
const isRight = (proof: Bytes) => proof[0] === 1;

function blob(n: number, proofs = CELL_PROOFS, proof = 1): SidecarBlob {
  return {
    blob: new Uint8Array(ROW_BYTES).fill(n),
    commitment: new Uint8Array(48).fill(n),
    proofs: Array<Bytes>(proofs).fill(new Uint8Array(48).fill(proof)),
  };
}
const hashOf = (n: number): Hash => versionedHashOf(blob(n, 1).commitment);

function network(count: number, free = 2 ** 40) {
  const clock = createSimClock();
  const net = createSimNetwork({ clock, delayMs: () => 5 });
  const state = { time: 1_000_000, free };
  const disks = Array.from({ length: count }, (): Disk => new Map());
  let starts = 0;
  const start = (i: number): RunningSidecars => {
    const sidecars = createSidecars(
      { retentionSeconds: RETENTION, proofs: CELL_PROOFS, fetchTimeoutMs: 1000 },
      {
        files: memoryFiles(disks[i] as Disk),
        disk: createDiskRoom(async () => state.free, 1000, nullMetrics),
        worker: {
          verifyBlobs: async (_blobs, _commitments, proofs) => proofs.every(isRight),
          makeCells: async () => ({ cells: [], proofs: [...blob(0).proofs] }),
        },
        network: net.join(`v${starts++}`),
        clock,
        chainTime: () => state.time,
        logger: nullLogger,
        metrics: nullMetrics,
      },
    );
    sidecars.start();
    return sidecars;
  };
  const nodes = disks.map((_, i) => start(i));
  const settled = async <T>(promise: Promise<T>): Promise<T> => {
    let done = false;
    const end = () => {
      done = true;
    };
    promise.then(end, end);
    while (!done) await clock.advanceAsync(5);
    return promise;
  };
  const silence = (id: string) => net.setDelay((from, to) => ([from, to].includes(id) ? 1e9 : 5));
  return { nodes: nodes as [RunningSidecars, ...RunningSidecars[]], disks, state, clock, settled, start, silence };
}

it("keeps what verifies, with the proofs of the fork, and nothing else", async () => {
  const { nodes, disks } = network(1);
  expect(await nodes[0].keep([blob(1), blob(2, CELL_PROOFS, 9)])).toBe(false);
  expect(disks[0]?.size).toBe(0);
  expect(await nodes[0].keep([blob(1), blob(2, 1)])).toBe(true);
  expect(await nodes[0].holds([hashOf(1), hashOf(2)])).toBe(true);
  expect(await nodes[0].holds([hashOf(1), hashOf(3)])).toBe(false);
  expect((await nodes[0].read(hashOf(2)))?.proofs).toHaveLength(CELL_PROOFS);
  expect(await nodes[0].read(hashOf(1))).toEqual(blob(1));
});

it("fetches from the peer that is named, then from others, and says what nobody has", async () => {
  const { nodes, settled } = network(3);
  const [a, b, c] = nodes as [RunningSidecars, RunningSidecars, RunningSidecars];
  await a.keep([blob(1)]);
  await b.keep([blob(2)]);
  await settled(c.obtain([hashOf(1), hashOf(2)], "v1"));
  expect([await c.read(hashOf(1)), await c.read(hashOf(2))]).toEqual([blob(1), blob(2)]);
  await expect(settled(c.obtain([hashOf(1), hashOf(3)]))).rejects.toMatchObject({
    code: "DA_UNAVAILABLE",
    data: { hashes: [`0x${toHex(hashOf(3))}`] },
  });
});

it("who does not answer holds up neither others' batches nor clients", async () => {
  const { nodes, clock, silence } = network(3);
  const [, honest, reader] = nodes as [RunningSidecars, RunningSidecars, RunningSidecars];
  await honest.keep([blob(99)]);
  silence("v0");
  for (let i = 80; i < 100; i++) reader.obtain([hashOf(i)], "v0").catch(() => {});
  let done = 0;
  const count = () => void done++;
  void reader.obtain([hashOf(99)], "v1").then(count);
  void reader.keep([blob(98)]).then(count);
  await clock.advanceAsync(100); // before the first question to the silent one is given up
  expect(done).toBe(2);
});

it("what is here waits for nobody's fetch", async () => {
  const { nodes, clock, silence } = network(2);
  const [, reader] = nodes as [RunningSidecars, RunningSidecars];
  await reader.keep([blob(1)]);
  silence("v0");
  reader.obtain([hashOf(2)]).catch(() => {});
  let done = false;
  void reader.obtain([hashOf(1)]).then(() => {
    done = true;
  });
  await clock.advanceAsync(100);
  expect(done).toBe(true);
});

it("takes no blob of a peer whose proofs are wrong, or that is another", async () => {
  const { nodes, disks, settled } = network(2);
  const [liar, reader] = nodes as [RunningSidecars, RunningSidecars];
  await liar.keep([blob(1), blob(2)]);
  const [folder] = [...(disks[0] as Disk).values()] as [Map<string, Bytes>];
  const good = folder.get(toHex(hashOf(1))) as Bytes;
  folder.set(toHex(hashOf(2)), good); // the wrong one under this name
  await expect(settled(reader.obtain([hashOf(2)]))).rejects.toMatchObject({ code: "DA_UNAVAILABLE" });
  expect(folder.has(toHex(hashOf(2)))).toBe(false); // found damaged, so not served again
  const damaged = good.slice();
  damaged[40]! ^= 1;
  folder.set(toHex(hashOf(1)), damaged);
  await expect(settled(reader.obtain([hashOf(1)]))).rejects.toMatchObject({ code: "DA_UNAVAILABLE" });
  expect(await reader.holds([hashOf(1)])).toBe(false);
});

it("keeps for the retention of the chain's time, over a restart, longer where it is needed again, and then drops", async () => {
  const { nodes, disks, state, start } = network(1);
  await nodes[0].keep([blob(1), blob(2)]);
  nodes[0].stop();
  const again = start(0);
  state.time += RETENTION;
  await again.expire();
  expect(await again.holds([hashOf(1), hashOf(2)])).toBe(true);
  await again.obtain([hashOf(2)]);
  state.time += RETENTION / 4;
  await again.expire();
  expect([await again.holds([hashOf(1)]), await again.holds([hashOf(2)])]).toEqual([false, true]);
  state.time += RETENTION;
  await again.expire();
  expect(disks[0]?.size).toBe(0);
});

it("leaves the disk what is kept for votes and state", async () => {
  const { nodes, disks, state } = network(1, 100_000);
  await expect(nodes[0].keep([blob(1)])).rejects.toMatchObject({ code: "DA_DISK_FULL" });
  expect(disks[0]?.size).toBe(0);
  state.free = 200_000;
  expect(await nodes[0].keep([blob(1)])).toBe(true);
});
