/**
 * One room for each effect of the engine. What is asynchronous answers with an event; what is signed or sent goes through one
 * outbox, in order; what becomes final goes through another, the store before execution; what peers ask for waits beside them.
 */
import { voteBody } from "@noema/core/crypto/signed-message";
import type { Hash } from "@noema/core/ports/bytes";
import type { PublicKeyHex, Signer, ValidatorSet } from "@noema/core/ports/signing";
import { indexOf } from "@noema/core/validator-index";
import type { Effect } from "../engine/events.ts";
import type { Block, Vote } from "../types.ts";
import { FRAME_BLOCKS } from "../wire/blocks.ts";
import type { Message } from "../wire/frame.ts";
import type { BlockServer } from "./block-server.ts";
import type { Checks } from "./checks.ts";
import type { ConsensusDeps } from "./deps.ts";
import { type DraftingDeps, draftBlock } from "./drafting.ts";
import type { EventQueue } from "./event-queue.ts";
import { fetchFrom } from "./fetching.ts";
import type { LeftBehind } from "./left-behind.ts";
import type { LaterEffect, SignAndSend } from "./loop.ts";
import type { PayloadLevel } from "./payload-level.ts";
import type { Peers } from "./peers.ts";
import { createServing } from "./serving.ts";
import { type ValidationDeps, validateBlock } from "./validation.ts";

export type EffectsDeps = Pick<ConsensusDeps, "clock" | "random" | "network" | "logger"> & {
  signer: Signer | undefined;
  queue: EventQueue;
  peers: Peers;
  leftBehind: LeftBehind;
  checks: Checks;
  setOf(epoch: number): ValidatorSet | undefined;
  validation: ValidationDeps;
  drafting: DraftingDeps | undefined;
  server: BlockServer;
  payload: PayloadLevel;
  signal: AbortSignal;
  /** False once this node must not vote any more. */
  mayVote(): boolean;
  finalize(effect: Extract<Effect, { type: "Finalize" }>): Promise<void>;
  prune(effect: Extract<Effect, { type: "Prune" }>): Promise<void>;
  diverged(hash: Hash | undefined): void;
  failed(error: unknown): void;
};

type Named<T> = Extract<Effect, { type: T }>;

export type Effects = {
  carryOut(effect: LaterEffect): void;
  /** Makes the vote's signature and counts it here; it goes nowhere else before `carryOut` sends it. */
  sign(effect: SignAndSend): void;
  /** Resolves when everything under way is done. */
  drained(): Promise<void>;
  cancelTimer(): void;
};

export function createEffects(deps: EffectsDeps): Effects {
  const { queue, peers, logger } = deps;
  const outbox = createLane(deps.failed);
  const finals = createLane(deps.failed);
  const serving = createServing<Named<"Serve">["request"]>((to, request) => {
    try {
      serve(to, request);
    } catch (error) {
      deps.failed(error);
    }
  });
  deps.signal.addEventListener("abort", serving.stop, { once: true });
  const votes = new WeakMap<SignAndSend, Promise<Vote>>();
  let cancelTimer = () => {};

  /** Answers an effect; a failure becomes the answer that does no harm, for the engine waits for one. */
  function answer<T>(work: Promise<T>, otherwise: T, what: string, then: (value: T) => void): void {
    work
      .catch((error) => {
        if (!deps.signal.aborted) logger.log("warn", `${what} failed`, { error: String(error) });
        return otherwise;
      })
      .then(then)
      .catch(deps.failed);
  }

  function verify(effect: Named<"Verify">): void {
    answer(deps.checks.votes(effect), { bad: [] }, "verification of votes", ({ certificate, bad }) =>
      queue.push({ type: "Verified", id: effect.id, certificate, bad }),
    );
  }
  function verifyCerts({ id, certs }: Named<"VerifyCerts">): void {
    const none = certs.map(() => false);
    answer(deps.checks.certs(certs), none, "verification of certificates", (good) => queue.push({ type: "CertsVerified", id, good }));
  }
  function validate(effect: Named<"Validate">): void {
    const chain = [effect.block, ...effect.unfinalized];
    answer(
      validateBlock(deps.validation, effect.block, effect.unfinalized),
      { result: "undecided", reason: "validation failed" },
      "validation",
      (validity) => {
        const { height, view, proposer } = effect.block.header;
        if (validity.result === "invalid") logger.log("warn", "block is invalid", { height, view, proposer, reason: validity.reason });
        else deps.payload.proposed(chain);
        queue.push({ type: "Validated", id: effect.id, result: deps.mayVote() ? validity.result : "undecided" });
      },
    );
  }
  function draft({ id, request }: Named<"Draft">): void {
    const work = deps.drafting === undefined || !deps.mayVote() ? Promise.resolve(undefined) : draftBlock(deps.drafting, request);
    answer<Block | undefined>(work, undefined, "draft", (block) => {
      if (block !== undefined) deps.payload.proposed([block, ...request.unfinalized]);
      queue.push({ type: "Drafted", id, block });
    });
  }
  function sign(effect: SignAndSend): void {
    const { vote } = effect;
    const set = deps.setOf(vote.epoch);
    const signer = set && indexOf(set, deps.signer?.publicKey);
    if (deps.signer === undefined || signer === undefined || !deps.mayVote()) return;
    const signed = deps.signer
      .sign(vote.kind, voteBody(vote.epoch, vote.view, vote.hash))
      .then((signature): Vote => ({ ...vote, signer, signature }));
    votes.set(effect, signed);
    signed.then((vote) => queue.push({ type: "Signed", vote })).catch(deps.failed);
  }
  async function sendVote(effect: SignAndSend): Promise<void> {
    const vote = await votes.get(effect);
    if (vote === undefined || !deps.mayVote()) return;
    const { proposal } = effect;
    peers.send("all", proposal ? { type: "Propose", propose: { ...proposal, vote } } : { type: "Vote", vote });
  }
  function serve(to: PublicKeyHex, request: Named<"Serve">["request"]): void {
    const message: Message =
      request.type === "GetBlocks"
        ? { type: "Blocks", blocks: [...deps.server.blocks(request, FRAME_BLOCKS)] }
        : { type: "Boundaries", boundaries: [...deps.server.boundaries(request.fromEpoch, 1)] };
    if (("blocks" in message ? message.blocks : message.boundaries).length > 0) peers.send([to], message);
  }
  function setTimer({ atMs }: Named<"SetTimer">): void {
    cancelTimer();
    cancelTimer = deps.clock.after(Math.max(0, atMs - deps.clock.nowMs()), () => queue.push({ type: "TimerFired", atMs }));
  }

  const rooms: { [T in LaterEffect["type"]]: (effect: Named<T>) => void } = {
    Verify: verify,
    VerifyCerts: verifyCerts,
    Validate: validate,
    Draft: draft,
    Fetch: (effect) => fetchFrom(deps, effect),
    SetTimer: setTimer,
    SignAndSend: (effect) => outbox.add(() => sendVote(effect)),
    Send: ({ to, message }) => outbox.add(async () => peers.send(to, message)),
    Serve({ to, request }) {
      if (!serving.ask(to, request)) peers.dropped("CONSENSUS_QUEUE_FULL");
    },
    Finalize: (effect) => finals.add(() => deps.finalize(effect)),
    // After the blocks below it are in the store.
    Prune: (effect) => finals.add(() => deps.prune(effect)),
    EpochEntered: ({ epoch, boundary }) => logger.log("info", "epoch entered", { epoch, height: boundary.header.height }),
    Diverged: ({ cert }) => deps.diverged(cert.hash),
    Blame({ validator, reason }) {
      logger.log("warn", "peer broke the protocol", { validator, reason });
      peers.blame(validator, reason);
    },
  };
  return {
    sign,
    carryOut: (effect) => (rooms[effect.type] as (e: LaterEffect) => void)(effect),
    drained: async () => void (await Promise.all([outbox.drained(), finals.drained()])),
    cancelTimer: () => cancelTimer(),
  };
}

/** Runs tasks one after the other; the first failure ends it. */
function createLane(failed: (error: unknown) => void) {
  let last: Promise<void> = Promise.resolve();
  let broken = false;
  return {
    add(task: () => Promise<void>): void {
      last = last.then(async () => {
        if (broken) return;
        try {
          await task();
        } catch (error) {
          broken = true;
          failed(error);
        }
      });
    },
    drained: () => last,
  };
}
