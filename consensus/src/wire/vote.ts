/** Vote (consensus.md 2.1). The hash of a nullification is 32 zero bytes here and absent in what is signed. */
import type { ValueOf } from "@chainsafe/ssz";
import { equalBytes, ZERO_HASH } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import { hash32, uint64 } from "@noema/core/types/availability";
import { ByteVectorType, ContainerType, UintNumberType } from "@noema/core/types/ssz";
import type { UnsignedVote, Vote, VoteKind } from "../types.ts";
import { invalid, message } from "./message.ts";

export const voteType = new ContainerType(
  {
    kind: new UintNumberType(1),
    epoch: uint64,
    view: uint64,
    hash: hash32,
    signer: new UintNumberType(2),
    signature: new ByteVectorType(96),
  },
  { typeName: "Vote" },
);
type VoteSsz = ValueOf<typeof voteType>;

const KINDS: readonly VoteKind[] = ["notarize", "nullify", "finalize"];
type RawVote = { kind: number; epoch: number; view: number; hash: Hash };

export function toRawVote({ kind, epoch, view, hash }: UnsignedVote): RawVote {
  return { kind: KINDS.indexOf(kind), epoch, view, hash: hash ?? ZERO_HASH };
}

export function fromRawVote(raw: RawVote): UnsignedVote {
  const kind = KINDS[raw.kind];
  if (kind === undefined) throw invalid(`vote of kind ${raw.kind}`);
  const { epoch, view } = raw;
  if (kind !== "nullify") return { kind, epoch, view, hash: raw.hash };
  if (!equalBytes(raw.hash, ZERO_HASH)) throw invalid("a nullification with a hash");
  return { kind, epoch, view };
}

export const toVote = (vote: Vote): VoteSsz => ({ ...toRawVote(vote), signer: vote.signer, signature: vote.signature });
export const fromVote = (raw: VoteSsz): Vote => ({ ...fromRawVote(raw), signer: raw.signer, signature: raw.signature });

type VoteMessage = { type: "Vote"; vote: Vote };
export const voteMessage = message<VoteMessage, VoteSsz>(
  "Vote",
  1,
  voteType,
  ({ vote }) => toVote(vote),
  (raw) => ({ vote: fromVote(raw) }),
);
