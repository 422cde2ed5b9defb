/** Blocks and their parts to and from their SSZ values (block.ts): a body whose lists are not those of its header is refused. */
import type { ValueOf } from "@chainsafe/ssz";
import { equalBytes } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import type { AvailabilityCert } from "@noema/core/ports/data";
import { type AvailabilityCertSsz, fromSszCert, toSszCert } from "@noema/core/types/availability";
import { headerType } from "@noema/core/types/header";
import type { Block, Body, Evidence, Header } from "../types.ts";
import { type blockType, type bodyType, certsType, depositsType, evidenceListType, sealsType } from "./block.ts";
import { invalid } from "./message.ts";
import { fromVote, toVote } from "./vote.ts";

type BodySsz = ValueOf<typeof bodyType>;

const toEvidence = ({ first, second }: Evidence) => ({ first: toVote(first), second: toVote(second) });

function fromAvailability(raw: AvailabilityCertSsz): AvailabilityCert {
  const cert = fromSszCert(raw);
  if (cert === undefined) throw invalid(`availability certificate of kind ${raw.kind}`);
  return cert;
}

export function toBody(body: Body): BodySsz {
  return {
    certs: body.certs.map(toSszCert),
    evidence: body.evidence.map(toEvidence),
    seals: body.seals.map(toSszCert),
    depositsL1: body.depositsL1,
  };
}

export function fromBody(raw: BodySsz): Body {
  return {
    certs: raw.certs.map(fromAvailability),
    evidence: raw.evidence.map(({ first, second }) => ({ first: fromVote(first), second: fromVote(second) })),
    seals: raw.seals.map(fromAvailability),
    depositsL1: raw.depositsL1,
  };
}

export type BodyRoots = Pick<Header, "certsRoot" | "evidenceRoot" | "sealRoot" | "depositsRoot">;

export function bodyRoots(body: Body): BodyRoots {
  return rawBodyRoots(toBody(body));
}

const EMPTY: BodyRoots = {
  certsRoot: certsType.hashTreeRoot([]),
  evidenceRoot: evidenceListType.hashTreeRoot([]),
  sealRoot: sealsType.hashTreeRoot([]),
  depositsRoot: depositsType.hashTreeRoot([]),
};

/** Most lists of most blocks are empty, and hashing is what decoding a block costs. */
function rawBodyRoots({ certs, evidence, seals, depositsL1 }: BodySsz): BodyRoots {
  return {
    certsRoot: certs.length === 0 ? EMPTY.certsRoot : certsType.hashTreeRoot(certs),
    evidenceRoot: evidence.length === 0 ? EMPTY.evidenceRoot : evidenceListType.hashTreeRoot(evidence),
    sealRoot: seals.length === 0 ? EMPTY.sealRoot : sealsType.hashTreeRoot(seals),
    depositsRoot: depositsL1.length === 0 ? EMPTY.depositsRoot : depositsType.hashTreeRoot(depositsL1),
  };
}

export function headerHash(header: Header): Hash {
  return headerType.hashTreeRoot(header);
}

export const toBlock = (block: Block) => ({ header: block.header, body: toBody(block.body) });

export function fromBlock({ header, body }: ValueOf<typeof blockType>): Block {
  const roots = rawBodyRoots(body);
  for (const name of Object.keys(roots) as (keyof BodyRoots)[])
    if (!equalBytes(roots[name], header[name])) throw invalid(`the header's ${name} is not that of the body`);
  return { hash: headerHash(header), header, body: fromBody(body) };
}
