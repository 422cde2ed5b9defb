/** What each figure means; bench/README.md says the same in more words. */
export const GLOSSARY: readonly (readonly [term: string, meaning: string])[] = [
  [
    "committed/s",
    "Transactions in blocks, as another validator shows them where there is one, between the first block with load in it and the last one seen while load came; by a schedule, those that were in blocks when the last was sent, over the time of sending. With the drain: all of them, until the last was in a block.",
  ],
  [
    "core-µs a transaction",
    "CPU time of all the target's processes from the first send to the last inclusion, divided by the transactions included.",
  ],
  [
    "recovery",
    "CPU time of one signature's recovery on this machine, measured right before and after the run. A cost in recoveries can be read on another machine.",
  ],
  [
    "answer, included, finalized",
    "From the moment a transaction was due: to its answer, to its block, to a finalized block at or above that one. By a schedule, a transaction that had to wait because others did is charged for that.",
  ],
  ["syncs", "fsync, fdatasync and msync of all the target's processes, a transaction."],
  ["disk bytes", "Growth of what the files take on the disk, a transaction and validator."],
  ["certificates", "Batch certificates that a validator learned, a transaction."],
];
