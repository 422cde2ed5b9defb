/** The runtime of a simulated validator: carries out effects in order, loses what a crash loses, and starts again from its disk. */
import { equalBytes } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import { publicKeyAt } from "@noema/core/validator-index";
import { createEngine } from "../engine/engine.ts";
import type { LogRecord, Restore } from "../engine/events.ts";
import type { Block, UnsignedVote, Vote } from "../types.ts";
import type { Message } from "../wire/frame.ts";
import { type Effect, type Event, stepByIndex } from "./addresses.ts";
import { byzantineEffect, byzantineMessage } from "./adversary.ts";
import { draftBlock, execResult, nextRoot, sameExec } from "./blocks.ts";
import { checkCert, checkFinal, checkVote, knowBlock } from "./checker.ts";
import { createShadow } from "./oracle/shadow-steps.ts";
import { watch } from "./oracle/watch.ts";
import { answerTo } from "./serving.ts";
import { emptyDisk, isHonest, later, localTime, note, type SimNode, send, setOf, trace, type World } from "./world.ts";

type Unstamped = Event extends infer E ? (E extends { nowMs: number } ? Omit<E, "nowMs"> : never) : never;

function dispatch(w: World, node: SimNode, event: Unstamped): void {
  if (node.state === undefined) return;
  const stamped = { ...event, nowMs: localTime(w, node) } as Event;
  const effects = stepByIndex(w.signatures.set, node.state, stamped);
  watch(w, node, stamped, effects);
  trace(w, node, event.type, effects.length);
  if (w.verbose) logStep(w, node, event, effects);
  node.outbox.push(...effects);
  if (isHonest(node)) for (const effect of effects) if (effect.type === "SignAndSend") count(w, node, signed(w, node, effect.vote));
  pump(w, node);
}

function logStep(w: World, node: SimNode, event: Unstamped, effects: readonly Effect[]): void {
  const what = event.type === "Received" ? `${event.message.type} from ${event.from}` : event.type;
  const did = effects.map((e) => (e.type === "SignAndSend" ? `${e.vote.kind}(${e.vote.view})` : e.type)).join(" ");
  note(w, () => `node ${node.id} ${node.state?.epoch}/${node.state?.view} height ${node.state?.tip.header.height} ${what} -> ${did}`);
}

/** Unless the life that asked is over. */
function answer(w: World, node: SimNode, ms: number, event: () => Unstamped): void {
  const { life } = node;
  later(w, ms, () => {
    if (node.life === life) dispatch(w, node, event());
  });
}

function pump(w: World, node: SimNode): void {
  while (node.state !== undefined && node.writing === undefined) {
    if (node.crashIn !== undefined && node.crashIn.afterVote === undefined && node.crashIn.afterEffects-- <= 0) {
      crash(w, node);
      return;
    }
    const effect = node.outbox.shift();
    if (effect === undefined) return;
    carryOut(w, node, effect);
  }
}

function carryOut(w: World, node: SimNode, effect: Effect): void {
  if (!isHonest(node) && byzantineEffect(w, node, effect, deliver)) return;
  switch (effect.type) {
    case "Persist":
      persist(w, node, effect.records);
      return;
    case "SignAndSend":
      signAndSend(w, node, effect);
      return;
    case "Send":
      send(w, node, effect.to === "all" ? everybody(w) : effect.to, effect.message, (n, f, m) => deliver(w, n, f, m));
      return;
    case "Fetch":
      send(w, node, [effect.to], effect.request, (n, f, m) => deliver(w, n, f, m));
      return;
    case "Serve":
      serve(w, node, effect.to, effect.request);
      return;
    case "SetTimer":
      answer(w, node, Math.max(0, effect.atMs - localTime(w, node)), () => ({ type: "TimerFired", atMs: effect.atMs }));
      return;
    case "Verify":
      whenReady(w, w.signatures.aggregate(effect.vote, effect.votes), (r) =>
        answer(w, node, w.random.int(0, 2), () => ({ type: "Verified", id: effect.id, ...r })),
      );
      return;
    case "VerifyCerts":
      whenAllReady(
        w,
        effect.certs.map((c) => w.signatures.verify(c)),
        (good) => answer(w, node, w.random.int(0, 2), () => ({ type: "CertsVerified", id: effect.id, good })),
      );
      return;
    case "Validate":
      answer(w, node, w.random.int(0, 3), () => ({ type: "Validated", id: effect.id, result: validate(w, node, effect.block) }));
      return;
    case "Draft":
      answer(w, node, w.random.int(0, 3), () => ({ type: "Drafted", id: effect.id, block: draft(w, node, effect.request) }));
      return;
    case "Finalize":
      finalize(w, node, effect.blocks);
      return;
    case "Prune":
      prune(w, node, effect.epoch, effect.view);
      return;
    case "Diverged":
      if (isHonest(node)) throw new Error(`node ${node.id} found two finalized chains`);
  }
}

export function everybody(w: World): number[] {
  return w.scenario.weights.map((_, i) => i);
}

function deliver(w: World, node: SimNode, from: number, message: Message): void {
  if (!isHonest(node)) byzantineMessage(w, node, message, deliver);
  if (message.type === "Blocks") for (const block of message.blocks) dispatch(w, node, { type: "BlockArrived", block, from });
  else dispatch(w, node, { type: "Received", from, message });
}

function whenReady<T>(w: World, value: T | Promise<T>, use: (value: T) => void): void {
  if (value instanceof Promise) w.pending.push(value.then(use));
  else use(value);
}

function whenAllReady<T>(w: World, values: (T | Promise<T>)[], use: (values: T[]) => void): void {
  if (values.some((v) => v instanceof Promise)) w.pending.push(Promise.all(values).then(use));
  else use(values as T[]);
}

function persist(w: World, node: SimNode, records: LogRecord[]): void {
  node.writing = records;
  const { life } = node;
  later(w, w.scenario.persistMs === 0 ? 0 : w.random.int(0, w.scenario.persistMs), () => {
    if (node.life !== life) return;
    written(w, node, records);
    node.writing = undefined;
    pump(w, node);
  });
}

function written(w: World, node: SimNode, records: readonly LogRecord[]): void {
  node.disk.log.push(...records);
  if (isHonest(node)) for (const r of records) if (r.type === "Cert") checkCert(w.checker, r.cert);
}

function signed(w: World, node: SimNode, vote: UnsignedVote): Vote {
  return { ...vote, signer: node.key, signature: w.signatures.sign(node.key, vote) };
}

/** An honest node's when it is cast, while its record is being written. */
function count(w: World, node: SimNode, vote: Vote): void {
  answer(w, node, 0, () => ({ type: "Signed", vote }));
}

function signAndSend(w: World, node: SimNode, effect: Extract<Effect, { type: "SignAndSend" }>): void {
  const { to, proposal } = effect;
  const vote = signed(w, node, effect.vote);
  if (!isHonest(node)) count(w, node, vote);
  if (to === "all") {
    if (isHonest(node)) checkVote(w.checker, node.key, effect.vote, node.disk.log);
    const message: Message = proposal ? { type: "Propose", propose: { ...proposal, vote } } : { type: "Vote", vote };
    let targets = everybody(w);
    if (node.crashIn !== undefined && node.crashIn.afterVote === undefined && node.crashIn.afterEffects <= 0)
      targets = targets.filter(() => w.random.chance(0.5));
    send(w, node, targets, message, (n, f, m) => deliver(w, n, f, m));
  }
  if (to === "all") awaitVote(node, effect.vote);
}

function awaitVote({ crashIn }: SimNode, vote: UnsignedVote): void {
  if (crashIn?.afterVote === undefined) return;
  const awaited = crashIn.afterVote;
  const { epoch = vote.epoch, view = vote.view, times = 1 } = awaited;
  if (epoch !== vote.epoch || view !== vote.view) return;
  if (times > 1) crashIn.afterVote = { ...awaited, times: times - 1 };
  else delete crashIn.afterVote;
}

function serve(w: World, node: SimNode, to: number, request: Extract<Effect, { type: "Serve" }>["request"]): void {
  const message = answerTo(w, node, request);
  if (message !== undefined) send(w, node, [to], message, (n, f, m) => deliver(w, n, f, m));
}

function resultOf(node: SimNode, height: number): ReturnType<typeof execResult> | undefined {
  const root = node.disk.roots[height];
  return root && execResult(height, root);
}

function validate(w: World, node: SimNode, block: Block): "valid" | "undecided" | "invalid" {
  const { exec, randaoReveal, proposer, epoch, view } = block.header;
  if (!equalBytes(randaoReveal, w.signatures.reveal(proposer, epoch, view))) return "invalid";
  const own = resultOf(node, exec.height);
  if (own === undefined) return "undecided";
  return sameExec(own, exec) ? "valid" : "invalid";
}

function draft(w: World, node: SimNode, request: Extract<Effect, { type: "Draft" }>["request"]): Block | undefined {
  const height = Math.min(request.maxExecHeight, node.disk.roots.length - 1);
  const exec = height < request.minExecHeight ? undefined : resultOf(node, height);
  if (exec === undefined) return undefined;
  const full = node.payload !== "none" && height >= request.payloadMinExecHeight;
  const block = draftBlock(request, exec, w.signatures.reveal(node.key, request.epoch, request.view), full ? 1 : 0);
  knowBlock(w.checker, block);
  return block;
}

function finalize(w: World, node: SimNode, blocks: Extract<Effect, { type: "Finalize" }>["blocks"]): void {
  for (const final of blocks) {
    if (isHonest(node)) checkFinal(w.checker, node.id, node.givenOut, final);
    node.givenOut = final.block.header.height;
    node.final.set(node.givenOut, final);
  }
  execute(w, node);
}

/** One block after the other; a result and its block are durable together. */
function execute(w: World, node: SimNode): void {
  const height = node.disk.roots.length;
  const final = node.final.get(height);
  if (node.executing || final === undefined) return;
  node.executing = true;
  const { life } = node;
  later(w, w.random.int(0, w.scenario.exec[node.key] ?? 0), () => {
    if (node.life !== life) return;
    node.executing = false;
    node.disk.chain[height] = final;
    node.disk.roots[height] = nextRoot(node.disk.roots[height - 1] as Hash, final.block);
    dispatch(w, node, { type: "ExecReady", height });
    execute(w, node);
  });
}

/** As sharp as the protocol allows: nothing below the floor is kept but its F and blocks that are not executed. */
function prune(w: World, node: SimNode, epoch: number, view: number): void {
  const executed = node.disk.roots.length - 1;
  const executedEpoch = Math.floor(executed / w.scenario.params.epochLength);
  node.disk.log = node.disk.log.filter((r) => {
    if (r.type === "Lost" || r.type === "Resume") return true;
    if (r.type === "Block") return r.block.header.height > executed;
    const round = r.type === "Vote" ? r.vote : r.cert;
    if (r.type === "Cert" && r.cert.kind === "finalize" && r.cert.epoch >= executedEpoch) return true;
    return round.epoch > epoch || (round.epoch === epoch && round.view >= view);
  });
}

export function crash(w: World, node: SimNode): void {
  const how = node.crashIn ?? { afterEffects: 0, downFor: 100, log: "kept", chain: "kept" };
  note(w, () => `node ${node.id} crashes (log ${how.log}, chain ${how.chain}) for ${how.downFor} ms`);
  // A torn tail: some of what was being written is there.
  if (node.writing !== undefined) written(w, node, node.writing.slice(0, w.random.int(0, node.writing.length)));
  node.crashIn = undefined;
  stop(node);
  const { wiring } = w.scenario;
  if (how.chain === "lost") node.disk = { ...emptyDisk(w.genesis, w.beacon), log: node.disk.log };
  if (how.log === "lost" || wiring.logForgotten) node.disk.log = [];
  if (how.log === "lost") node.disk.logLost = !wiring.lostRuleOff;
  if (wiring.certsForgotten) node.disk.log = node.disk.log.filter((r) => r.type !== "Cert");
  const life = node.life;
  later(w, how.downFor, () => {
    if (node.life === life) boot(w, node);
  });
}

function stop(node: SimNode): void {
  node.state = undefined;
  node.life++;
  node.outbox = [];
  node.writing = undefined;
  node.executing = false;
}

export function boot(w: World, node: SimNode): void {
  const { params } = w.scenario;
  const { chain } = node.disk;
  const tip = chain[chain.length - 1] as (typeof chain)[number];
  const base = chain[Math.floor(tip.block.header.height / params.epochLength) * params.epochLength];
  const restore: Restore = {
    tip: tip.block,
    beacon: tip.beacon,
    base: base?.cert && { block: base.block, cert: base.cert },
    finalized: [...chain].reverse().find((f) => f.cert !== undefined)?.cert,
    records: node.disk.log,
    lost: node.disk.logLost,
    entropy: w.random.bytes(32),
  };
  node.final = new Map(chain.map((f) => [f.block.header.height, f]));
  node.givenOut = tip.block.header.height;
  node.state = createEngine({ params, self: publicKeyAt(w.signatures.set, node.key), setForEpoch: (epoch) => setOf(w, epoch) }, restore);
  if (isHonest(node) && !w.scenario.wiring.unwatched) node.shadow = createShadow(w, node.key, restore);
  note(w, () => `node ${node.id} starts at height ${node.givenOut} with ${node.disk.log.length} records`);
  dispatch(w, node, { type: "Start" });
  dispatch(w, node, { type: "PayloadHeld", level: node.payload });
}

export function holdPayload(w: World, node: SimNode, level: "none" | "some" | "full"): void {
  node.payload = level;
  dispatch(w, node, { type: "PayloadHeld", level });
}
