/**
 * Own execution results against those that headers carry (consensus.md 2.4). A header that a quorum has notarized and that
 * carries another result than ours means that this node has diverged: a faulty machine or a bug, never a matter of time.
 * Every final header is compared, whichever comes first, header or result, and after a restart the newest ones again.
 */
import { equalBytes } from "@noema/core/bytes";
import type { ExecResult } from "@noema/core/ports/application";
import type { Hash, Height } from "@noema/core/ports/bytes";
import type { Header, HeaderExec } from "../types.ts";

/** Notarized headers that may wait for an own result before they are final; execution never lags that far while the chain goes on. */
const MAX_WAITING = 8192;

export type Divergence = {
  height: Height;
  headerHeight: Height;
  own: ExecResult;
  notarized: HeaderExec;
  /** The highest height below whose own result a final header carries; 0 when this run has seen none. */
  agreed: Height;
};

export type ExecWatchDeps = {
  /** The own result, as long as it is kept. */
  result(height: Height): ExecResult | undefined;
  /** Header of a final block. */
  final(height: Height): Header | undefined;
  /** Height up to which there are own results. */
  executed(): Height;
  /** Called once: later results are built on the first that differs. */
  diverged(d: Divergence): void;
  /** A final header carries this own result, which commits to all below it; of rising heights, and never after `diverged`. */
  agreed(own: ExecResult): void;
};

export type ExecWatch = {
  /** A header that more than two thirds of stake voted for, final or not. */
  notarized(header: Header): void;
  /** There is a new own result. */
  executed(height: Height): void;
  /** There are new final headers, or this is the start. */
  advance(): void;
};

/** `from`: the first final header that is compared. */
export function createExecWatch(deps: ExecWatchDeps, from: Height): ExecWatch {
  const waiting = new Map<Height, Header[]>();
  let count = 0;
  let next = from;
  /** Of height `next`, read and still waiting for a result. */
  let pending: Header | undefined;
  let agreed = 0;
  let ended = false;

  function compare(header: Header, own: ExecResult, isFinal: boolean): void {
    if (ended) return;
    const { exec, height: headerHeight } = header;
    if (!isSameResult(own, exec)) {
      ended = true;
      waiting.clear();
      deps.diverged({ height: exec.height, headerHeight, own, notarized: exec, agreed });
    } else if (isFinal && exec.height > agreed) {
      agreed = exec.height;
      deps.agreed(own);
    }
  }

  function advance(): void {
    while (!ended) {
      pending ??= deps.final(next);
      if (pending === undefined || pending.exec.height > deps.executed()) return;
      next++;
      const own = deps.result(pending.exec.height);
      if (own !== undefined) compare(pending, own, true);
      pending = undefined;
    }
  }

  return {
    notarized(header) {
      if (ended) return;
      const own = deps.result(header.exec.height);
      if (own !== undefined) return compare(header, own, false);
      if (count >= MAX_WAITING) return;
      count++;
      waiting.set(header.exec.height, [...(waiting.get(header.exec.height) ?? []), header]);
    },
    executed(height) {
      const own = deps.result(height);
      const headers = waiting.get(height) ?? [];
      waiting.delete(height);
      count -= headers.length;
      if (own !== undefined) for (const header of headers) compare(header, own, false);
      advance();
    },
    advance,
  };
}

const HASHES = ["evmBlockHash", "stateRoot", "receiptsRoot", "skippedRoot", "systemRoot"] as const satisfies readonly (keyof HeaderExec)[];

export function isSameResult(a: HeaderExec, b: HeaderExec): boolean {
  const numbers = a.height === b.height && a.number === b.number && a.gasUsed === b.gasUsed;
  return numbers && HASHES.every((name) => equalBytes(a[name] as Hash, b[name] as Hash));
}
