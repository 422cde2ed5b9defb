/** The own key in a running node: nothing is stepped before it is known to be free, and what shows a second process ends this one. */
import { toHex } from "@noema/core/bytes";
import type { NoemaError } from "@noema/core/errors";
import type { PublicKeyHex, ValidatorSet } from "@noema/core/ports/signing";
import { bitmapIndexes } from "@noema/core/quorum";
import type { LogRecord } from "../engine/events.ts";
import { lostLogAllows } from "../engine/lost-log.ts";
import type { State } from "../engine/state.ts";
import { consensusError } from "../errors.ts";
import { roundOf } from "../log/records.ts";
import type { VoteLog } from "../log/vote-log.ts";
import type { ChainStore } from "../store/chain-store.ts";
import type { Cert, Round, Vote } from "../types.ts";
import type { ConsensusDeps } from "./deps.ts";
import type { Health } from "./health.ts";
import { createOwnKey, createOwnVotes, LONGER_WAIT_MS } from "./own-key.ts";

export type WatchKeyDeps = {
  deps: ConsensusDeps;
  state: State;
  store: ChainStore;
  log: VoteLog;
  health: Health;
  setOf(epoch: number): ValidatorSet | undefined;
  isValidator(key: PublicKeyHex): boolean;
  newest(validator: PublicKeyHex): Vote[];
};

export type KeyWatch = {
  /** Resolves once this node may sign. */
  readonly free: Promise<void>;
  isFree(): boolean;
  join(): Promise<void>;
  /** What became durable: a certificate with a vote of the own key that is not in the log ends this node. */
  appended(records: readonly LogRecord[]): void;
  stop(): void;
};

export function watchKey({ deps, state, store, log, health, setOf, isValidator, newest }: WatchKeyDeps): KeyWatch {
  const { network, clock, random, logger, scheme, signer } = deps;
  const { promise: free, resolve: settle } = Promise.withResolvers<void>();
  let isFree = false;
  let listener: ((reason: Error) => void) | undefined;
  let found: NoemaError<"KEY_IN_USE"> | undefined;
  const votes = log.records.flatMap((x) => (x.type === "Vote" ? [x.vote] : []));
  const isOwn = createOwnVotes(votes);
  const pruned = isPrunedFrom(log.records);

  function becomeFree(): void {
    isFree = true;
    settle();
  }
  function inUse(error: NoemaError<"KEY_IN_USE">): void {
    if (found !== undefined) return;
    found = error;
    health.fail(error.code, error);
    if (listener !== undefined) listener(error);
    else deps.ended?.(error);
  }
  const ownKey =
    signer &&
    createOwnKey({
      network,
      clock,
      random,
      logger,
      scheme,
      signer,
      set: () => state.set,
      setOf,
      isValidator,
      isAccounted: (vote) => isBarred(state, vote) || pruned(vote) || isOwn(vote),
      newest,
      free: becomeFree,
      inUse,
    });
  // Nobody else can be asked, and nobody else's answer counts.
  if (ownKey === undefined) becomeFree();
  else if (state.set.members.length === 1) ownKey.listen();

  return {
    free,
    isFree: () => isFree,
    async join() {
      ownKey?.listen();
      if (isFree) return;
      const isNew = store.tip() === 0 && votes.length === 0;
      if (isNew) return;
      await new Promise<void>((done, failed) => {
        listener = failed;
        if (found !== undefined) failed(found);
        void free.then(done);
        clock.after(LONGER_WAIT_MS, done);
      }).finally(() => {
        listener = undefined;
      });
    },
    appended(records) {
      for (const record of records) {
        if (record.type !== "Cert" || state.self === undefined || pruned(record.cert) || !isForeign(state, record.cert, state.self))
          continue;
        const { kind, epoch, view } = record.cert;
        const message = `a ${kind} of validator ${state.self} for epoch ${epoch}, view ${view} stands in a certificate, and this process did not sign it; it signs nothing more and ends`;
        inUse(consensusError("KEY_IN_USE", message, { validator: state.self }));
      }
    },
    stop: () => ownKey?.stop(),
  };
}

/** Below the oldest record the log may have known a vote: its store may be behind, or gone, and the floor with it. */
function isPrunedFrom(records: readonly LogRecord[]): (round: Round) => boolean {
  const rounds = records.flatMap((x) => roundOf(x) ?? []);
  const oldest = rounds.reduce<Round | undefined>((a, b) => (a !== undefined && isBelow(a, b) ? a : b), undefined);
  return (round) => oldest !== undefined && isBelow(round, oldest);
}

function isBelow(a: Round, b: Round): boolean {
  return a.epoch < b.epoch || (a.epoch === b.epoch && a.view < b.view);
}

/** No vote of this round can be made any more (engine/vote.ts), so none can contradict another. */
function isBarred(s: State, { epoch, view }: Round): boolean {
  if (epoch < s.epoch || epoch < s.loggedEpoch) return true;
  if (epoch === s.epoch) return view <= s.finalizedView || !lostLogAllows(s, view);
  // The rule for a later epoch needs its base, which is not here yet.
  return s.lost !== undefined && (s.lost.phase === "Collecting" || epoch <= s.lost.epoch + 1);
}

/** Every own vote above the floor stands in its round: from the log, or made since. */
function isForeign(s: State, cert: Cert, self: number): boolean {
  if (cert.epoch !== s.epoch || isBarred(s, cert)) return false;
  if (!bitmapIndexes(cert.bitmap, s.set.members.length)?.includes(self)) return false;
  const round = s.rounds.get(cert.view);
  if (round === undefined) return false;
  if (cert.kind === "nullify") return !round.ownNullify;
  const own = cert.kind === "notarize" ? round.ownNotarize : round.ownFinalize;
  return cert.hash === undefined || own !== toHex(cert.hash);
}
