/**
 * A light client that samples: it checks what describes the object and its certificate, draws random cells, asks for each in a random order
 * of sources, and verifies each against the commitment of its slot. All good: the object can be rebuilt, but with a chance that
 * confidence.ts states. One that nobody gives: it says so. Runs in Node and in browsers.
 */
import { isNoemaError } from "@noema/core/errors";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { Random } from "@noema/core/ports/random";
import type { CertificateScheme } from "@noema/core/ports/signing";
import { systematicCombination } from "../blob/code-points.ts";
import { daError } from "../errors.ts";
import { delay } from "../shared/requests.ts";
import { checkCellPlaces, decodeProvenCells, MAX_CELLS_ASKED } from "./cells.ts";
import { checkCertified, type ObjectFacts, type TrustedChain } from "./certified.ts";
import { chanceOfMissing } from "./confidence.ts";
import { drawPlaces, type Place, platformRandom, shuffled } from "./draw.ts";

/** A node that is asked. Both throw what it refuses with. */
export type CellSource = {
  name: string;
  facts(id: Hash, signal: AbortSignal): Promise<ObjectFacts>;
  /** Cells and proofs, one after the other (cells.ts). */
  cells(id: Hash, slot: number, indices: readonly number[], signal: AbortSignal): Promise<Bytes>;
};

export type SamplingCrypto = {
  certificates: Pick<CertificateScheme, "verify">;
  /** What sums scalars[i] * commitments[i]. Throws KEY_INVALID unless each is a point of the subgroup or at infinity. */
  combiner(commitments: readonly Bytes[]): (scalars: readonly bigint[]) => Bytes;
  /** As Kzg.verifyCells. */
  verifyCells(
    commitments: readonly Bytes[],
    indices: readonly number[],
    cells: readonly Bytes[],
    proofs: readonly Bytes[],
  ): Promise<boolean>;
};

/** Why a source did not give a good sample. */
export type Fault = { source: string; slot: number; code: string };
export type SamplingProgress = Place & {
  source: string;
  done: number;
  total: number /** Of an object that cannot be rebuilt. */;
  chance: number;
};
export type SamplingResult = { facts: ObjectFacts; samples: number; chance: number; faults: readonly Fault[] };

export type SamplingRequest = {
  id: Hash;
  samples: number;
  sources: readonly CellSource[];
  chain: TrustedChain;
  crypto: SamplingCrypto;
  clock: Clock;
  signal: AbortSignal;
  /** Default: the platform's. */
  random?: Random;
  onFacts?(facts: ObjectFacts): void;
  onSample?(progress: SamplingProgress): void;
};

/** Questions under way: a source that waits for a row does not hold up the rest. */
const AT_ONCE = 4;
/** A busy source is asked again after a second, then after two, and so on. */
const BUSY_TRIES = 5;
const BUSY_MS = 1000;

/**
 * Throws DA_SAMPLE_MISSING at the first cell that no source gives, DA_NOT_FOUND, DA_UNCERTIFIED, DA_OBJECT_INVALID and
 * DA_CERT_INVALID where no source describes the object rightly, or the signal's reason.
 */
export async function sampleObject(request: SamplingRequest): Promise<SamplingResult> {
  const { id, sources, crypto, random = platformRandom, clock, signal } = request;
  const facts = await findFacts(request, random);
  request.onFacts?.(facts);
  const { R, N } = facts.meta;
  const combine = combinerOf(crypto, facts);
  const places = drawPlaces(request.samples, N, random);
  const faults: Fault[] = [];
  const silent = new Set<CellSource>();
  let done = 0;

  /** Throws DA_CELL_INVALID, DA_FRAME_INVALID and what the source refuses with. */
  async function askFor(source: CellSource, slot: number, indices: readonly number[]): Promise<void> {
    const proven = decodeProvenCells(await source.cells(id, slot, indices, signal), indices.length);
    await verifySlot(crypto, combine(slot), slot, indices, proven);
  }

  async function askPatiently(source: CellSource, slot: number, indices: readonly number[]): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await askFor(source, slot, indices);
      } catch (error) {
        if (tries === BUSY_TRIES || !isNoemaError(error, "DA_CELLS_BUSY")) throw error;
        await delay(clock, tries * BUSY_MS, signal);
      }
    }
  }

  async function sampleSlot(slot: number, indices: readonly number[]): Promise<void> {
    for (const source of inTurn(sources, silent, random)) {
      try {
        await askPatiently(source, slot, indices);
        for (const cell of indices)
          request.onSample?.({ slot, cell, source: source.name, done: ++done, total: places.length, chance: chanceOfMissing(done, R, N) });
        return;
      } catch (error) {
        signal.throwIfAborted();
        if (!isNoemaError(error)) silent.add(source);
        faults.push({ source: source.name, slot, code: isNoemaError(error) ? error.code : "NO_ANSWER" });
      }
    }
    const data = { slot, cells: indices, samples: done, faults };
    throw daError("DA_SAMPLE_MISSING", `cells ${indices.join(", ")} of slot ${slot} came from none of ${sources.length} sources`, data);
  }

  await atOnce(AT_ONCE, questions(places), ([slot, indices]) => sampleSlot(slot, indices));
  return { facts, samples: places.length, chance: chanceOfMissing(places.length, R, N), faults };
}

/** In a random order, those last that gave no answer before: a dead address costs its time once. */
function inTurn(sources: readonly CellSource[], silent: ReadonlySet<CellSource>, random: Random): CellSource[] {
  const order = shuffled(sources, random);
  return [...order.filter((x) => !silent.has(x)), ...order.filter((x) => silent.has(x))];
}

/** The first description that checks; the last one's fault where none does. */
async function findFacts({ id, sources, chain, crypto, signal }: SamplingRequest, random: Random): Promise<ObjectFacts> {
  let last: unknown = daError("DA_NOT_FOUND", "there is no source to ask");
  for (const source of shuffled(sources, random)) {
    try {
      const facts = await source.facts(id, signal);
      await checkCertified(facts, id, chain, crypto.certificates);
      return facts;
    } catch (error) {
      signal.throwIfAborted();
      last = error;
    }
  }
  throw last;
}

/** By slot; the commitment of a data row is its own. */
function combinerOf(crypto: SamplingCrypto, { commitments, meta: { R } }: ObjectFacts): (slot: number) => Bytes {
  const combine = crypto.combiner(commitments);
  const known = new Map<number, Bytes>();
  return (slot) => {
    const commitment = known.get(slot) ?? (slot < R ? commitments[slot]! : combine(systematicCombination(slot, R)));
    known.set(slot, commitment);
    return commitment;
  };
}

/** One row's cells against its commitment. Throws DA_CELL_INVALID. Order and bounds are ours to check: c-kzg takes any. */
export async function verifySlot(
  crypto: Pick<SamplingCrypto, "verifyCells">,
  commitment: Bytes,
  slot: number,
  indices: readonly number[],
  proven: readonly { cell: Bytes; proof: Bytes }[],
): Promise<void> {
  checkCellPlaces(slot, indices, slot + 1);
  const commitments = indices.map(() => commitment);
  const [cells, proofs] = [proven.map((x) => x.cell), proven.map((x) => x.proof)];
  if (!(await crypto.verifyCells(commitments, indices, cells, proofs)))
    throw daError("DA_CELL_INVALID", `cells ${indices.join(", ")} of slot ${slot} do not verify against its commitment`);
}

/** Of each slot what is wanted of it, ascending, at most MAX_CELLS_ASKED at once; slots in the order they were drawn. */
function questions(places: readonly Place[]): [slot: number, indices: number[]][] {
  const bySlot = new Map<number, number[]>();
  for (const { slot, cell } of places) bySlot.set(slot, [...(bySlot.get(slot) ?? []), cell]);
  return [...bySlot].flatMap(([slot, cells]) => {
    const ascending = cells.sort((a, b) => a - b);
    const parts = Math.ceil(ascending.length / MAX_CELLS_ASKED);
    return Array.from({ length: parts }, (_, i): [number, number[]] => [
      slot,
      ascending.slice(i * MAX_CELLS_ASKED, (i + 1) * MAX_CELLS_ASKED),
    ]);
  });
}

/** Ends with the first failure: what has begun by then ends by itself. */
async function atOnce<T>(limit: number, items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  let failed = false;
  const lane = async () => {
    while (next < items.length && !failed) {
      try {
        await run(items[next++]!);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, lane));
}
