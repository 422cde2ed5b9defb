/**
 * Whether this node may answer what its execution says. Closed by a fault that makes its chain or state doubtful, and not opened
 * again in this run: docs/decisions/0024 has the table of faults.
 */
import { consensusError } from "@noema/consensus/errors";
import type { NoemaError } from "@noema/core/errors";

export type ClosingCode = "EXEC_DIVERGED" | "CONSENSUS_FORKED";
export type Closed = { code: ClosingCode; message: string };

export type Gate = {
  closed(): Closed | undefined;
  /** The first reason stands. */
  close(by: Closed): void;
  /** Called once, when it closes; not for a gate that is closed already. */
  onClose(f: (by: Closed) => void): void;
};

/** `known`: what an earlier run found. */
export function createGate(known?: Closed): Gate {
  let closed = known;
  const listeners: ((by: Closed) => void)[] = [];
  return {
    closed: () => closed,
    close(by) {
      if (closed !== undefined) return;
      closed = by;
      for (const f of listeners) f(by);
    },
    onClose: (f) => void listeners.push(f),
  };
}

const WORDS: Record<ClosingCode, string> = {
  EXEC_DIVERGED: "this node's execution contradicts the certified chain",
  CONSENSUS_FORKED: "a block is final beside this node's chain",
};

/** For the operator. */
export const REMEDY: Record<ClosingCode, string> = {
  EXEC_DIVERGED: "stop this node and run `noema reexecute` on its data directory",
  CONSENSUS_FORKED: "keep the data directory as evidence and agree with the other operators which chain goes on",
};

export function isClosing(code: string): code is ClosingCode {
  return Object.hasOwn(WORDS, code);
}

/** What clients and peers are told; the rest is the operator's business. */
export function refusal({ code }: Closed): NoemaError {
  return consensusError(code, `${WORDS[code]}: it answers neither state nor sends; ask another node`);
}
