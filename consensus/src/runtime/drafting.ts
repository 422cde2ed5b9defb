/** Draft: the application's candidates, filtered, ordered and cut at the caps, as a complete block with its randao reveal. */
import { ZERO_HASH } from "@noema/core/bytes";
import type { Application } from "@noema/core/ports/application";
import type { AvailabilityCert } from "@noema/core/ports/data";
import type { DraftRequest } from "../engine/events.ts";
import type { ConsensusOptions } from "../options.ts";
import type { Block, Body } from "../types.ts";
import { bodyRoots, headerHash } from "../wire/body.ts";
import type { AvailabilityChecks } from "./availability-checks.ts";
import { blockRef } from "./block-ref.ts";
import type { InclusionIndex } from "./inclusion-index.ts";
import { selectCerts, sumPayload } from "./payload-rules.ts";
import type { Reveals } from "./reveals.ts";

export type DraftingDeps = {
  options: ConsensusOptions;
  application: Application;
  reveals: Reveals;
  checkAvailability: AvailabilityChecks;
  index: InclusionIndex;
};

/** undefined: there is no own result high enough yet. */
export async function draftBlock(deps: DraftingDeps, request: DraftRequest): Promise<Block | undefined> {
  const { parent, epoch, view, height } = request;
  const { certs, exec } = await deps.application.draft(blockRef(parent), request.maxExecHeight);
  if (exec.height < request.minExecHeight || exec.height > request.maxExecHeight) return undefined;
  const body: Body = { certs: await choose(deps, request, certs, exec.height), evidence: [], seals: [], depositsL1: [] };
  const header = {
    epoch,
    view,
    height,
    parentHash: parent.hash,
    timestampMs: request.timestampMs,
    proposer: request.proposer,
    randaoReveal: await deps.reveals(epoch, view),
    ...bodyRoots(body),
    l1Origin: { number: 0, hash: ZERO_HASH },
    ...sumPayload(body.certs),
    exec,
    validatorSetHash: request.validatorSetHash,
    nextValidatorSetHash: request.nextValidatorSetHash,
  };
  return { hash: headerHash(header), header, body };
}

async function choose(
  { options, index, checkAvailability }: DraftingDeps,
  request: DraftRequest,
  candidates: readonly AvailabilityCert[],
  execHeight: number,
): Promise<AvailabilityCert[]> {
  if (execHeight < request.payloadMinExecHeight) return [];
  const { epoch, height, parent, unfinalized } = request;
  const context = { epoch, height, parentHash: parent.hash, execHeight, included: index.lookup(height, unfinalized) };
  const chosen: AvailabilityCert[] = [];
  for (const cert of selectCerts(candidates, context, options)) if (await checkAvailability(cert)) chosen.push(cert);
  return chosen;
}
