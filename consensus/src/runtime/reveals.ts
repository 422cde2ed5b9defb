/** The randao reveal of a view that this validator leads: signed soon after the view begins, and not when a transaction waits for its block. */
import { randaoBody } from "@noema/core/crypto/signed-message";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Signer } from "@noema/core/ports/signing";

/** A function of epoch and view alone. Keeps the newest. */
export type Reveals = (epoch: number, view: number) => Promise<Bytes>;

export function createReveals(signer: Signer): Reveals {
  let newest: { epoch: number; view: number; reveal: Promise<Bytes> } | undefined;
  return (epoch, view) => {
    if (newest?.epoch === epoch && newest.view === view) return newest.reveal;
    const reveal = signer.sign("randao", randaoBody(epoch, view));
    newest = { epoch, view, reveal };
    reveal.catch(() => {
      if (newest?.reveal === reveal) newest = undefined; // the next who asks tries again
    });
    return reveal;
  };
}
