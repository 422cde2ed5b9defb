/** Whether a proposal may be notarized by one node, by that node's own certificates, clock and results (consensus.md 2.2, 2.4). */
import { equalBytes } from "@noema/core/bytes";
import type { Block, Header, Proposal } from "../../types.ts";
import { execResult, sameExec } from "../blocks.ts";
import { type SimNode, setHashOf, type World } from "../world.ts";
import { hex } from "./protocol.ts";
import { certifiedHash, leaderOf, type Shadow } from "./shadow.ts";

export type Judgement = "valid" | "wait" | `invalid: ${string}`;

export function judge(w: World, node: SimNode, s: Shadow, p: Proposal, now: number): Judgement {
  const link = judgeParent(s, p);
  if (link !== "valid") return link;
  const parent = w.checker.blocks.get(hex(p.parentHash));
  if (parent === undefined) return "wait";
  const { epochLength } = w.scenario.params;
  const ends = p.parentView > 0 && parent.header.height > 0 && parent.header.height % epochLength === 0;
  if ("reproposalOf" in p.content)
    return ends && equalBytes(p.content.reproposalOf, p.parentHash) ? "valid" : "invalid: proposes another block again";
  if (ends) return "invalid: a new block after the last of the epoch";
  const broken = brokenRule(w, s, p.content.block, p.view, parent.header);
  if (broken !== undefined) return `invalid: ${broken}`;
  // The leader itself stamps max(now, parent + 1), however far its clock is behind.
  return judgeResult(w, node, p.content.block, leaderOf(s, p.view) === s.key ? Number.POSITIVE_INFINITY : now);
}

function judgeParent(s: Shadow, p: Proposal): Judgement {
  if (p.parentView >= p.view) return "invalid: the parent's view is not below";
  if (p.parentView < s.floor) return "invalid: the parent lies below the floor";
  const certified = p.parentView === 0 ? s.base : certifiedHash(s, p.parentView);
  if (certified === undefined) return "wait";
  if (certified !== hex(p.parentHash)) return "invalid: not the block certified in the parent's view";
  for (let u = p.view - 1; u > p.parentView; u--) if (s.certs.get(u)?.nullify === undefined) return "wait";
  return "valid";
}

function brokenRule(w: World, s: Shadow, block: Block, view: number, parent: Header): string | undefined {
  const { header: h } = block;
  const { execLag, epochLength } = w.scenario.params;
  const rules: Record<string, boolean> = {
    epoch: h.epoch === s.epoch && Math.floor((h.height - 1) / epochLength) === s.epoch,
    view: h.view === view,
    proposer: h.proposer === leaderOf(s, view),
    "set hash": equalBytes(h.validatorSetHash, setHashOf(w, s.epoch)),
    "next set hash": equalBytes(h.nextValidatorSetHash, setHashOf(w, s.epoch + 1)),
    "parent hash": hex(w.checker.blocks.get(hex(h.parentHash))?.hash) === hex(h.parentHash) && isChild(w, h, parent),
    height: h.height === parent.height + 1,
    "timestamp above the parent's": h.timestampMs > parent.timestampMs,
    "L1 origin": h.l1Origin.number >= parent.l1Origin.number,
    "exec.height not below the parent's": h.exec.height >= parent.exec.height,
    "exec.height at most h - D": h.exec.height <= Math.max(0, h.height - execLag),
    "no payload while execution lags":
      h.height - h.exec.height <= 2 * execLag || (h.payloadBytes === 0 && h.blobBytes === 0 && h.gasLimitSum === 0n),
    reveal: equalBytes(h.randaoReveal, w.signatures.reveal(h.proposer, h.epoch, h.view)),
  };
  for (const [name, kept] of Object.entries(rules)) if (!kept) return name;
  return undefined;
}

function isChild(w: World, h: Header, parent: Header): boolean {
  return w.checker.blocks.get(hex(h.parentHash))?.header === parent;
}

function judgeResult(w: World, node: SimNode, { header }: Block, now: number): Judgement {
  if (header.timestampMs > now + Math.min(500, w.scenario.params.deltaMs)) return "wait";
  const root = node.disk.roots[header.exec.height];
  if (root === undefined) return "wait";
  return sameExec(execResult(header.exec.height, root), header.exec) ? "valid" : "invalid: execution result";
}
