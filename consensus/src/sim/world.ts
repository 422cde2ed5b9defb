/** A run: nodes, network, time. Everything that happens is in one queue, so a seed is a run. */

import { concatBytes, u64le } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Hash } from "@noema/core/ports/bytes";
import type { ValidatorSet } from "@noema/core/ports/signing";
import type { FinalizedBlock, LogRecord } from "../engine/events.ts";
import { type Beacon, genesisBeacon } from "../engine/seed.ts";
import type { State } from "../engine/state.ts";
import type { Block, Cert } from "../types.ts";
import type { Message } from "../wire/frame.ts";
import type { Effect } from "./addresses.ts";
import { GENESIS_ROOT, genesisBlock } from "./blocks.ts";
import { type Checker, createChecker, Violation } from "./checker.ts";
import type { Shadow } from "./oracle/shadow.ts";
import { createQueue, push, type Queue } from "./queue.ts";
import type { Random } from "./random.ts";
import type { Behaviour, Crash, Scenario } from "./scenario.ts";
import { keyedHashes, realBls, type Signatures } from "./signatures.ts";

const EPOCH_START_MS = 1_700_000_000_000;

/** What survives a crash. `chain[h]` is executed and durable. */
export type Disk = { log: LogRecord[]; chain: FinalizedBlock[]; roots: Hash[]; logLost: boolean };

export type SimNode = {
  id: number;
  /** Index of its key; twins share one. */
  key: number;
  behaviour?: Behaviour;
  disk: Disk;
  state?: State;
  /** What an observer knows of it; absent for Byzantine ones. */
  shadow?: Shadow;
  life: number;
  /** Effects not carried out yet; `writing` holds them up until records are durable. */
  outbox: Effect[];
  writing?: LogRecord[];
  crashIn?: Omit<Crash, "at" | "node">;
  /** Final blocks of this life, executed or not. */
  final: Map<number, FinalizedBlock>;
  executing: boolean;
  givenOut: number;
  payload: "none" | "some" | "full";
};

export type World = {
  scenario: Scenario;
  random: Random;
  now: number;
  queue: Queue;
  nodes: SimNode[];
  signatures: Signatures;
  sets: Map<number, ValidatorSet>;
  genesis: Block;
  beacon: Beacon;
  checker: Checker;
  /** Answers of asynchronous signature schemes, awaited before the next happening. */
  pending: Promise<void>[];
  /** What Byzantine nodes have heard; shared, they collude. */
  heard: Cert[];
  /** How many single tricks were played. */
  tricks: number;
  trace: { digest: Hash; steps: number; messages: number };
  verbose: boolean;
};

/** Of a run with n validators. */
export function genesisHashOf(n: number): Hash {
  return sha256(u64le(n));
}

export function createWorld(scenario: Scenario, random: Random, verbose: boolean): World {
  const genesisHash = genesisHashOf(scenario.weights.length);
  const byCount = scenario.params.controls?.quorumByCount === true;
  const signatures = scenario.bls ? realBls(scenario.weights, genesisHash) : keyedHashes(scenario.weights, byCount);
  const genesis = genesisBlock(signatures.set.hash, EPOCH_START_MS);
  const beacon = genesisBeacon(genesisHash);
  const keys = scenario.weights.map((_, i) => i);
  const twins = [...scenario.byzantine].filter(([, behaviour]) => behaviour === "twins").map(([key]) => key);
  return {
    scenario,
    random,
    now: 0,
    queue: createQueue(),
    nodes: [...keys, ...twins].map((key, id) => createNode(id, key, scenario.byzantine.get(key), genesis, beacon)),
    signatures,
    sets: new Map(),
    genesis,
    beacon,
    checker: createChecker(signatures.set, scenario.params.epochLength, scenario.params.execLag, genesis, genesisHash),
    pending: [],
    heard: [],
    tricks: random.int(0, 99),
    trace: { digest: new Uint8Array(32), steps: 0, messages: 0 },
    verbose,
  };
}

function createNode(id: number, key: number, behaviour: Behaviour | undefined, genesis: Block, beacon: Beacon): SimNode {
  return {
    id,
    key,
    behaviour,
    disk: emptyDisk(genesis, beacon),
    life: 0,
    outbox: [],
    final: new Map(),
    executing: false,
    givenOut: 0,
    payload: "some",
  };
}

export function emptyDisk(genesis: Block, beacon: Beacon): Disk {
  return { log: [], chain: [{ block: genesis, prevRandao: beacon.mix, beacon }], roots: [GENESIS_ROOT], logLost: false };
}

/** The validators stay, the hash of the set differs by epoch: whoever confuses two epochs' sets is found out. */
export function setOf(w: World, epoch: number): ValidatorSet {
  let set = w.sets.get(epoch);
  if (set === undefined) {
    set = { ...w.signatures.set, epoch, hash: sha256(w.signatures.set.hash, u64le(epoch)) };
    w.sets.set(epoch, set);
  }
  return set;
}

export function setHashOf(w: World, epoch: number): Hash {
  return setOf(w, epoch).hash;
}

export function isHonest(node: SimNode): boolean {
  return node.behaviour === undefined;
}

export function later(w: World, ms: number, run: () => void): void {
  push(w.queue, w.now + ms, run);
}

export function localTime(w: World, node: SimNode): number {
  return EPOCH_START_MS + w.now + (w.scenario.skew[node.key] ?? 0);
}

export function note(w: World, text: () => string): void {
  if (w.verbose) console.log(`${String(w.now).padStart(7)} ${text()}`);
}

/** Every step enters the digest: two runs of one seed have the same one. */
export function trace(w: World, node: SimNode, what: string, effects: number): void {
  w.trace.steps++;
  if (w.trace.steps % 64 === 0) {
    const words = [w.now, node.id, what.length, effects, node.state?.view ?? 0, node.state?.epoch ?? 0];
    w.trace.digest = sha256(concatBytes(w.trace.digest, ...words.map(u64le)), node.state?.tip.hash ?? w.genesis.hash);
  }
}

/** Puts a message of `key` on the wire to validators `to`: delayed, lost, repeated, cut off. */
export function send(
  w: World,
  from: SimNode,
  to: readonly number[],
  message: Message,
  deliver: (node: SimNode, from: number, m: Message) => void,
): void {
  for (const key of to) {
    if (key === from.key) continue;
    for (const node of w.nodes) if (node.key === key) sendOne(w, from, node, message, deliver);
  }
}

function hides(hears: number, from: number, to: number, { type }: Message): boolean {
  return to !== hears && (["Vote", "Cert", "Certs", "Status"].includes(type) || (type === "Propose" && from === hears));
}

function sendOne(
  w: World,
  from: SimNode,
  node: SimNode,
  message: Message,
  deliver: (node: SimNode, from: number, m: Message) => void,
): void {
  const { scenario: sc, random } = w;
  const faulty = w.now < sc.faultsUntil;
  if (node.behaviour === "twins" && random.chance(0.4)) return;
  if (faulty && random.chance(sc.loss)) return;
  if (faulty && message.type === "Vote" && message.vote.kind === sc.withheld) return;
  if (faulty && sc.partitions.some((p) => p.from <= w.now && w.now < p.until && p.side[from.key] !== p.side[node.key])) return;
  if (faulty && sc.eclipses?.some((e) => e.from <= w.now && w.now < e.until && hides(e.hears, from.key, node.key, message))) return;
  if (faulty && sc.drop?.(node.key, message)) return;
  const copies = faulty && random.chance(sc.duplicate) ? 2 : 1;
  for (let i = 0; i < copies; i++) {
    const slow = faulty && sc.reorder > 0 && random.chance(sc.reorder) ? 4 : 1;
    w.trace.messages++;
    later(w, slow * random.int(...sc.delay), () => deliver(node, from.key, message));
  }
}

export { Violation };
