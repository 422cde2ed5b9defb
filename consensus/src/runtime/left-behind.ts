/** Whether what this node lacks is kept by anybody: peers may have let go of blocks, and say so (CONSENSUS_PRUNED) where they are asked for one. */
import { createBoundedMap } from "@noema/core/bounded";
import { isNoemaError } from "@noema/core/errors";
import type { Height } from "@noema/core/ports/bytes";
import type { Logger } from "@noema/core/ports/logger";
import type { PublicKeyHex } from "@noema/core/ports/signing";
import type { errors } from "../errors.ts";

const PRUNED: keyof typeof errors = "CONSENSUS_PRUNED";
/** More than can be connected at once. */
const REMEMBERED = 1024;

export type LeftBehind = {
  /** A peer did not give blocks above the own tip. */
  failed(peer: PublicKeyHex, error: unknown): void;
  /** Whom to ask for blocks in a peer's place: another that is connected, where this one has said that it lacks them. */
  insteadOf(peer: PublicKeyHex): PublicKeyHex;
  /** In words. undefined: somebody may still have them. */
  cause(): string | undefined;
};

export type LeftBehindDeps = { tip(): Height; connected(): readonly PublicKeyHex[]; logger: Logger };

export function createLeftBehind({ tip, connected, logger }: LeftBehindDeps): LeftBehind {
  /** Where this node stood when the peer said so. */
  const saidAt = createBoundedMap<PublicKeyHex, Height>(REMEMBERED);
  let logged: Height | undefined;

  const hasSaid = (peer: PublicKeyHex) => saidAt.get(peer) === tip();

  function cause(): string | undefined {
    const peers = connected();
    if (peers.length === 0 || !peers.every(hasSaid)) return undefined;
    return `${PRUNED}: no connected peer keeps the blocks above height ${tip()} any more: restore a snapshot that is newer`;
  }

  return {
    failed(peer, error) {
      if (!isNoemaError(error, "REQUEST_FAILED") || error.data.reason !== PRUNED) return;
      saidAt.set(peer, tip());
      const found = cause();
      if (found === undefined || logged === tip()) return;
      logged = tip();
      logger.log("error", "this node was away for longer than its peers keep blocks", { height: tip(), cause: found });
    },
    insteadOf: (peer) => (hasSaid(peer) ? connected().find((other) => !hasSaid(other)) : undefined) ?? peer,
    cause,
  };
}
