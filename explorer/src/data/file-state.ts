/** What is known of a file on its way, and of each of its objects: pure, so that every state can be shown and tested. */
import type { Hex } from "../types.ts";
import type { Layout } from "./layout.ts";

/** In the order in which an object passes them. */
const PHASES = ["waiting", "sent", "encoded", "certified", "included"] as const;
export type Phase = (typeof PHASES)[number];

/** Cells that are drawn of each object. */
export const SAMPLES = 40;

export type Cell = { slot: number; cell: number };

export type ObjectState = {
  bytes: number;
  phase: Phase;
  id?: Hex;
  height?: number;
  /** The node loads what encodes. */
  preparing?: boolean;
  /** Why it is tried again. */
  waits?: string;
  /** Share of stake that has signed. */
  signed: number;
  signers: ReadonlySet<number>;
  layout?: Layout;
  /** Slots that were read for the last answer; undefined: it was not read back. */
  read?: ReadonlySet<number>;
  /** Keys of holders whose rows did not verify when it was read, in hex without 0x. */
  liars?: ReadonlySet<string>;
  /** Whether the bytes that came are those that were sent, or have the hash that the manifest says. */
  same?: boolean;
  /** Cells that are there and proven. */
  cells: readonly Cell[];
  /** At most the probability that the object cannot be rebuilt and its samples are there all the same. */
  chance?: number;
  sampled?: "running" | "available" | "doubted";
};

export type FileState = {
  name: string;
  bytes: number;
  contentType: string;
  /** Of the largest object. */
  objectBytes: number;
  /** The last one is the manifest where `hasManifest`. */
  objects: readonly ObjectState[];
  hasManifest: boolean;
  /** What is read back is compared with: the file that was dropped, the hash in its manifest, or (of an object) its id, which the node did. */
  against: "file" | "sha256" | "id";
  /** The file's own, once it is included. */
  id?: Hex;
  /** Why it is not published, read or sampled. */
  fault?: string;
};

const FRESH: Omit<ObjectState, "bytes"> = { phase: "waiting", signed: 0, signers: new Set(), cells: [] };

/** `entries` bytes of each object; the manifest's are not known before it is written. */
export function newFile(facts: Pick<FileState, "name" | "bytes" | "contentType" | "objectBytes">): FileState {
  const count = Math.ceil(facts.bytes / facts.objectBytes);
  const pieces = Array.from({ length: count }, (_, i) => Math.min(facts.objectBytes, facts.bytes - i * facts.objectBytes));
  return { ...facts, hasManifest: true, against: "file", objects: [...pieces, 0].map((bytes) => ({ ...FRESH, bytes })) };
}

/** A file that is on the chain already. */
export function foundFile(
  facts: Pick<FileState, "name" | "bytes" | "contentType" | "id" | "hasManifest">,
  objects: readonly { id: Hex; bytes: number }[],
): FileState {
  const objectBytes = Math.max(1, ...objects.map((x) => x.bytes));
  const against = facts.hasManifest ? "sha256" : "id";
  return {
    ...facts,
    objectBytes,
    against,
    objects: objects.map(({ id, bytes }) => ({ ...FRESH, phase: "included", id, bytes, signed: 1 })),
  };
}

export function change(file: FileState, index: number, more: Partial<ObjectState>): FileState {
  return { ...file, objects: file.objects.map((object, i) => (i === index ? { ...object, ...more } : object)) };
}

export type Step = { state: string; done?: number; id?: Hex; height?: number; validator?: number };

const later = (a: Phase, b: Phase): Phase => (PHASES.indexOf(a) > PHASES.indexOf(b) ? a : b);

/** A line of the answer to its PUT. */
export function afterLine(object: ObjectState, { state, done = 0, id, height, validator }: Step): ObjectState {
  const next = { ...object, id: id ?? object.id, waits: undefined, preparing: state === "preparing" && done === 0 };
  if (state === "signed")
    return {
      ...next,
      phase: later(next.phase, "encoded"),
      signed: done,
      signers: new Set([...object.signers, ...(validator === undefined ? [] : [validator])]),
    };
  if (state === "included") return { ...next, phase: "included", height };
  const phase = PHASES.find((x) => x === state);
  return phase === undefined ? next : { ...next, phase: later(next.phase, phase) };
}

/** How many have come at least so far. */
export function countOf({ objects }: FileState, phase: Phase): number {
  return objects.filter((x) => PHASES.indexOf(x.phase) >= PHASES.indexOf(phase)).length;
}

/** Where the first byte of an object stands in the file. */
export const startOf = ({ objectBytes }: FileState, index: number) => index * objectBytes;

export const isManifestAt = ({ objects, hasManifest }: FileState, index: number) => hasManifest && index === objects.length - 1;

/** By the union bound: the probability that one of the objects cannot be rebuilt is at most the sum. undefined before all are sampled. */
export function chanceOf({ objects }: FileState): number | undefined {
  if (objects.some((x) => x.sampled !== "available")) return undefined;
  return Math.min(
    1,
    objects.reduce((sum, x) => sum + (x.chance ?? 1), 0),
  );
}
