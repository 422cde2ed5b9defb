/**
 * Block validity for voting (consensus.md 2.4): what needs data or crypto beyond the headers, which the engine has checked.
 * "undecided" waits for this node (its own result); it is never a reason to vote against the block.
 */
import { equalBytes, ZERO_HASH } from "@noema/core/bytes";
import { randaoBody } from "@noema/core/crypto/signed-message";
import type { ExecResult } from "@noema/core/ports/application";
import type { Height } from "@noema/core/ports/bytes";
import type { CertificateScheme, ValidatorSet } from "@noema/core/ports/signing";
import type { ConsensusOptions } from "../options.ts";
import type { Block, Header } from "../types.ts";
import type { AvailabilityChecks } from "./availability-checks.ts";
import { isSameResult } from "./exec-watch.ts";
import type { InclusionIndex } from "./inclusion-index.ts";
import { payloadFault, sumPayload } from "./payload-rules.ts";

export type Validity = { result: "valid" } | { result: "undecided" | "invalid"; reason: string };

export type ValidationDeps = {
  options: ConsensusOptions;
  scheme: CertificateScheme;
  checkAvailability: AvailabilityChecks;
  index: InclusionIndex;
  setOf(epoch: number): ValidatorSet | undefined;
  resultOf(height: Height): ExecResult | undefined;
};

export async function validateBlock(deps: ValidationDeps, block: Block, unfinalized: readonly Block[]): Promise<Validity> {
  const { header, body } = block;
  const fault = headerFault(header) ?? bodyFault(deps, block, unfinalized);
  if (fault !== undefined) return { result: "invalid", reason: fault };
  const exec = checkExec(deps, header);
  if (exec.result === "invalid") return exec;
  if (!(await revealVerifies(deps, header))) return { result: "invalid", reason: "randao reveal" };
  for (const cert of body.certs)
    if (!(await deps.checkAvailability(cert))) return { result: "invalid", reason: "an availability certificate does not verify" };
  return exec;
}

function headerFault({ l1Origin }: Header): string | undefined {
  return l1Origin.number === 0 && equalBytes(l1Origin.hash, ZERO_HASH) ? undefined : "an L1 origin without an L1";
}

function bodyFault({ options, index }: ValidationDeps, { header, body }: Block, unfinalized: readonly Block[]): string | undefined {
  // Seals, evidence and L1 deposits have no rules yet, so none is valid.
  if (body.evidence.length + body.seals.length + body.depositsL1.length > 0) return "evidence, seals or deposits";
  const sums = sumPayload(body.certs);
  if (sums.payloadBytes !== header.payloadBytes || sums.blobBytes !== header.blobBytes || sums.gasLimitSum !== header.gasLimitSum)
    return "sums over the certificates";
  const { epoch, height, parentHash } = header;
  const context = { epoch, height, parentHash, execHeight: header.exec.height, included: index.lookup(height, unfinalized) };
  return payloadFault(body.certs, context, options);
}

/** The engine has checked that exec.height lies between the parent's and h − D; here the own result for it. */
function checkExec({ resultOf }: ValidationDeps, { exec }: Header): Validity {
  const own = resultOf(exec.height);
  if (own === undefined) return { result: "undecided", reason: `no own result of height ${exec.height} yet` };
  return isSameResult(own, exec) ? { result: "valid" } : { result: "invalid", reason: `execution result of height ${exec.height}` };
}

async function revealVerifies({ scheme, setOf }: ValidationDeps, header: Header): Promise<boolean> {
  const key = setOf(header.epoch)?.members[header.proposer]?.publicKey;
  return key !== undefined && scheme.verifyOne(key, "randao", randaoBody(header.epoch, header.view), header.randaoReveal);
}
