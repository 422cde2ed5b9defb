/**
 * One signature for each (publisher, epoch, seq): which header was signed. Entries below a publisher's floor are forgotten
 * and never signed again, so memory is bounded and the rule is kept.
 */
export type SignedFloor = { publisher: number; epoch: number; seq: number };

export type SignedIndex = {
  /**
   * "new": nothing signed under this key; "same": this header was; "other": another one was, or the key is forgotten; "lost": it is not
   * known any more.
   */
  lookup(publisher: number, epoch: number, seq: number, headerHash: string): "new" | "same" | "other" | "lost";
  /** What was signed in epochs below is not all known: nothing else of them is signed. */
  bar(epoch: number): void;
  isBarred(epoch: number): boolean;
  set(publisher: number, epoch: number, seq: number, headerHash: string): void;
  /** For a header whose check failed before anything was signed. */
  release(publisher: number, epoch: number, seq: number): void;
  /** The entry's record is being dropped: it and everything below it count as signed. */
  forget(publisher: number, epoch: number, seq: number): void;
  /** Epochs below can no longer be signed at all. */
  forgetEpochsBelow(epoch: number): void;
  floors(): SignedFloor[];
};

export function createSignedIndex(): SignedIndex {
  type Lane = { floor: number; seqs: Map<number, string> };
  const epochs = new Map<number, Map<number, Lane>>();
  let barred = 0;
  const lane = (publisher: number, epoch: number): Lane => {
    const publishers = epochs.get(epoch) ?? epochs.set(epoch, new Map()).get(epoch)!;
    return publishers.get(publisher) ?? publishers.set(publisher, { floor: -1, seqs: new Map() }).get(publisher)!;
  };
  return {
    lookup(publisher, epoch, seq, headerHash) {
      const known = epochs.get(epoch)?.get(publisher);
      const signed = known?.seqs.get(seq);
      if (signed !== undefined) return signed === headerHash ? "same" : "other";
      if (known !== undefined && seq <= known.floor) return "other";
      return epoch < barred ? "lost" : "new";
    },
    bar(epoch) {
      barred = epoch;
    },
    isBarred: (epoch) => epoch < barred,
    set(publisher, epoch, seq, headerHash) {
      lane(publisher, epoch).seqs.set(seq, headerHash);
    },
    release(publisher, epoch, seq) {
      epochs.get(epoch)?.get(publisher)?.seqs.delete(seq);
    },
    forget(publisher, epoch, seq) {
      const known = lane(publisher, epoch);
      known.seqs.delete(seq);
      known.floor = Math.max(known.floor, seq);
    },
    forgetEpochsBelow(epoch) {
      for (const e of [...epochs.keys()]) if (e < epoch) epochs.delete(e);
    },
    floors() {
      const out: SignedFloor[] = [];
      for (const [epoch, publishers] of epochs)
        for (const [publisher, { floor }] of publishers) if (floor >= 0) out.push({ publisher, epoch, seq: floor });
      return out;
    },
  };
}
