/**
 * The leader's part. The parent is the block of the highest certificate below, with the nullifications of all views it skips; it
 * goes out together with the block, so that the proposal can be checked without a fetch. When the parent is the last block
 * of the epoch and not final yet, it is proposed again as it is: no filler blocks, no height used twice.
 */
import type { Block, Proposal } from "../types.ts";
import { payloadMinExecHeight } from "./header-rules.ts";
import {
  addJob,
  blockByHash,
  type Context,
  isBoundary,
  type Job,
  keyOf,
  leaderOf,
  type Parent,
  roundOf,
  type State,
  unfinalizedChain,
} from "./state.ts";
import { interval } from "./view.ts";
import { mayVote, vote } from "./vote.ts";
import { setRetry } from "./voting.ts";
import { parentFor } from "./walk.ts";

export function tryPropose(ctx: Context): void {
  const { s } = ctx;
  if (leaderOf(s, s.view) !== s.self || !mayPropose(s)) return;
  const parent = parentFor(s, s.view);
  if ("hole" in parent) return;
  const block = blockByHash(s, parent.hash);
  if (block === undefined) return;
  if (parent.view > 0 && isBoundary(s, block.header.height)) {
    if (!s.config.params.controls?.noBoundaryReproposal) propose(ctx, parent, { reproposalOf: parent.hash });
    return;
  }
  if (s.config.params.instant && s.payload === "none") return;
  const at = proposeAt(s, block);
  if (ctx.now < at) s.timers.set("propose", at);
  else requestDraft(ctx, parent, block);
}

function mayPropose(s: State): boolean {
  const round = s.rounds.get(s.view);
  return !round?.drafting && !round?.ownNullify && mayVote(s, "notarize", s.view);
}

/** Counted from the parent's timestamp, so that blocks keep the interval; never longer than the interval from view entry. */
function proposeAt(s: State, parent: Block): number {
  if (s.payload === "full" || s.config.params.instant) return s.enteredAt;
  const wait = interval(s);
  return s.enteredAt + Math.min(wait, Math.max(0, parent.header.timestampMs + wait - s.enteredAt));
}

function requestDraft(ctx: Context, parent: Parent, block: Block): void {
  const { s } = ctx;
  const unfinalized = unfinalizedChain(s, block);
  const nextSet = s.config.setForEpoch(s.epoch + 1);
  if (unfinalized === undefined || nextSet === undefined) return;
  const { execLag, controls } = s.config.params;
  const height = block.header.height + 1;
  const maxExecHeight = Math.max(0, height - execLag);
  roundOf(s, s.view).drafting = true;
  const id = addJob(s, { type: "draft", epoch: s.epoch, view: s.view, parent });
  ctx.out.push({
    type: "Draft",
    id,
    request: {
      epoch: s.epoch,
      view: s.view,
      height,
      parent: block,
      unfinalized,
      timestampMs: Math.max(ctx.now, block.header.timestampMs + 1),
      proposer: s.self as number,
      validatorSetHash: s.set.hash,
      nextValidatorSetHash: nextSet.hash,
      minExecHeight: controls?.fixedExecHeight ? maxExecHeight : block.header.exec.height,
      maxExecHeight,
      payloadMinExecHeight: payloadMinExecHeight(s, height),
    },
  });
}

export function drafted(ctx: Context, job: Extract<Job, { type: "draft" }>, block: Block | undefined): void {
  const { s } = ctx;
  const round = s.rounds.get(job.view);
  if (job.epoch !== s.epoch || job.view !== s.view || round === undefined) return;
  round.drafting = false;
  if (!mayPropose(s)) return;
  if (block === undefined) {
    round.drafting = true; // until the retry, or a new result
    setRetry(ctx);
    return;
  }
  s.blocks.set(keyOf(block.hash), block);
  propose(ctx, job.parent, { block });
}

/** After a wait: a draft that was not ready may be asked for again. */
export function redraft(s: State): void {
  const round = s.rounds.get(s.view);
  if (round?.drafting && ![...s.jobs.values()].some((job) => job.type === "draft" && job.view === s.view && job.epoch === s.epoch))
    round.drafting = false;
}

function propose(ctx: Context, parent: Parent, content: Proposal["content"]): void {
  const { s } = ctx;
  const hash = "block" in content ? content.block.hash : content.reproposalOf;
  const proposal: Proposal = {
    epoch: s.epoch,
    view: s.view,
    parentView: parent.view,
    parentHash: parent.hash,
    content,
    justification: { parentCert: parent.cert, nullifications: parent.nullifications },
  };
  vote(ctx, "notarize", s.view, hash, { block: "block" in content ? content.block : undefined, proposal });
}
