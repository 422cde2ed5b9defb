import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { beforeAll, expect, it } from "vitest";
import { daError } from "../errors.ts";
import { createKnownTauKzg } from "../testing/known-tau-kzg.ts";
import { createSampledObject, type SampledObject } from "../testing/sampled-object.ts";
import { CELL_BYTES, CELLS, PROVEN_CELL_BYTES } from "./cells.ts";
import { type SamplingProgress, sampleObject, verifySlot } from "./client.ts";
import { chanceOfMissing } from "./confidence.ts";

let object: SampledObject;
let kzg: Awaited<ReturnType<typeof createKnownTauKzg>>;

beforeAll(async () => {
  kzg = await createKnownTauKzg();
  object = await createSampledObject(kzg);
});

const seeds = (count: number, first: number) => Array.from({ length: count }, (_, i) => first + i);

it("no false alarm in 1,000 runs with everything available (seeds 1 to 1,000)", async () => {
  for (const seed of seeds(1000, 1)) {
    const request = object.request([object.source("a"), object.source("b")], { random: createSeededRandom(seed) });
    const result = await sampleObject(request).catch((error) => expect.fail(`seed ${seed}: ${error}`));
    expect(result.faults).toEqual([]);
    expect(result.chance).toBe(chanceOfMissing(40, 2, 8));
  }
});

it("a publisher that withholds 40 % of the cells is found out within 40 samples (seeds 1 to 300)", async () => {
  for (const seed of seeds(300, 1)) {
    const withheld = createSeededRandom(seed + 10_000);
    const gone = new Set(Array.from({ length: 8 * CELLS }, (_, at) => at).filter(() => withheld.bytes(1)[0]! < 102)); // 102 / 256
    const holder = (name: string) => object.source(name, (slot, cell, good) => (gone.has(CELLS * slot + cell) ? undefined : good));
    const seen: SamplingProgress[] = [];
    const request = object.request([holder("a"), holder("b")], { random: createSeededRandom(seed), onSample: (p) => seen.push(p) });
    await expect(sampleObject(request), `seed ${seed}`).rejects.toMatchObject({ code: "DA_SAMPLE_MISSING" });
    expect(seen.length).toBeLessThan(40);
  }
});

it("shows each sample and the confidence rise, and draws none twice", async () => {
  const seen: SamplingProgress[] = [];
  await sampleObject(object.request([object.source("a")], { onSample: (p) => seen.push(p) }));
  expect(seen.map((p) => p.done)).toEqual(seeds(40, 1));
  expect(seen.map((p) => p.chance)).toEqual(seeds(40, 1).map((k) => chanceOfMissing(k, 2, 8)));
  expect(new Set(seen.map(({ slot, cell }) => CELLS * slot + cell)).size).toBe(40);
});

it("asks another source where one is silent, busy or lies, and names it", async () => {
  const liar = object.source("liar", (_slot, _cell, good) => good.map((byte, at) => (at === CELL_BYTES - 1 ? byte ^ 1 : byte)));
  const short = { ...object.source("short"), cells: async () => new Uint8Array(PROVEN_CELL_BYTES - 1) };
  const silent = {
    ...object.source("silent"),
    facts: async () => expect.fail("away"),
    cells: async () => Promise.reject(new TypeError("fetch failed")),
  };
  // an order in which each is asked before the good one at least once: by chance one in a hundred is not
  const random = createSeededRandom("each is asked");
  const { faults } = await sampleObject(object.request([liar, short, silent, object.source("good")], { random }));
  const said = (source: string) => [...new Set(faults.filter((f) => f.source === source).map((f) => f.code))];
  expect(said("liar")).toEqual(["DA_CELL_INVALID"]);
  expect(said("short")).toEqual(["DA_FRAME_INVALID"]);
  expect(said("silent")).toEqual(["NO_ANSWER"]);
  expect(said("good")).toEqual([]);
});

it("waits for one that is busy, and no longer than its tries", async () => {
  const good = object.source("a");
  let refusals = 3;
  const busy = {
    ...good,
    cells: async (...asked: Parameters<typeof good.cells>) => {
      if (refusals-- > 0) throw daError("DA_CELLS_BUSY", "busy");
      return good.cells(...asked);
    },
  };
  const run = async (samples: number) => {
    const clock = createSimClock();
    let settled = false;
    const sampling = sampleObject(object.request([busy], { clock, samples })).finally(() => {
      settled = true;
    });
    sampling.catch(() => {});
    while (!settled) await clock.advanceAsync(500);
    return sampling;
  };
  expect((await run(3)).samples).toBe(3);
  refusals = Number.POSITIVE_INFINITY;
  await expect(run(1)).rejects.toMatchObject({ code: "DA_SAMPLE_MISSING", data: { faults: [{ code: "DA_CELLS_BUSY" }] } });
});

it("refuses facts that are not the id's, that nobody certified, or that too little stake signed", async () => {
  const { meta, cert, ...rest } = object.facts;
  const told = (facts: object) => sampleObject(object.request([{ ...object.source("a"), facts: async () => facts as never }]));
  const bitmap = Uint8Array.of(0b0011);
  const signed = { bitmap, signature: cert!.certificate.signature };
  await expect(told({ ...rest, cert, meta: { ...meta, expiry: 6000 } })).rejects.toMatchObject({ code: "DA_OBJECT_INVALID" });
  await expect(told({ ...object.facts, rowsRoot: new Uint8Array(32) })).rejects.toMatchObject({ code: "DA_OBJECT_INVALID" });
  await expect(told({ ...object.facts, commitments: [...rest.commitments].reverse() })).rejects.toMatchObject({
    code: "DA_OBJECT_INVALID",
  });
  await expect(told({ ...rest, meta })).rejects.toMatchObject({ code: "DA_UNCERTIFIED" });
  await expect(told({ ...object.facts, cert: { ...cert!, certificate: signed } })).rejects.toMatchObject({ code: "DA_CERT_INVALID" });
  const other = { ...cert!, header: { ...cert!.header, bytes: 1 } };
  await expect(told({ ...object.facts, cert: other })).rejects.toMatchObject({ code: "DA_CERT_INVALID" });
  const unknown = { chainId: 7, genesisHash: new Uint8Array(32), validatorSetOf: () => undefined };
  await expect(sampleObject(object.request([object.source("a")], { chain: unknown }))).rejects.toMatchObject({ code: "DA_CERT_INVALID" });
  const elsewhere = { ...object.request([]).chain, chainId: 8 };
  await expect(sampleObject(object.request([object.source("a")], { chain: elsewhere }))).rejects.toMatchObject({
    code: "DA_OBJECT_INVALID",
  });
});

it("wrong proofs, swapped cells, cells of another slot, and places that are none, each by its code", async () => {
  const proven = (slot: number, indices: number[]) =>
    indices.map((i) => ({ cell: object.rows[slot]!.cells[i]!, proof: object.rows[slot]!.proofs[i]! }));
  const [commitment] = object.facts.commitments as [Uint8Array];
  const check = (indices: number[], cells: ReturnType<typeof proven>) => verifySlot(kzg, commitment, 0, indices, cells);
  await expect(check([3, 70], proven(0, [3, 70]))).resolves.toBeUndefined();
  const [a, b] = proven(0, [3, 70]) as [ReturnType<typeof proven>[0], ReturnType<typeof proven>[0]];
  const wrong: [string, number[], (typeof a)[]][] = [
    ["DA_CELL_INVALID", [3, 70], [{ ...a, proof: b.proof }, b]],
    ["DA_CELL_INVALID", [3, 70], [b, a]],
    ["DA_CELL_INVALID", [3, 70], proven(1, [3, 70])],
    ["DA_CELL_INVALID", [3, 70], [{ ...a, proof: new Uint8Array(48) }, b]],
    ["DA_CELL_INVALID", [3, 70], [{ ...a, cell: new Uint8Array(CELL_BYTES).fill(255) }, b]],
    ["DA_CELL_PLACE_INVALID", [70, 3], [b, a]],
    ["DA_CELL_PLACE_INVALID", [3, 3], [a, a]],
    ["DA_CELL_PLACE_INVALID", [3, 128], [a, b]],
  ];
  for (const [code, indices, cells] of wrong) await expect(check(indices, cells)).rejects.toMatchObject({ code });
});
