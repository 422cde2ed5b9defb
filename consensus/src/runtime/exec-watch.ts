/**
 * Own execution results against those that headers carry (consensus.md 2.4). A header that a quorum has notarized and that
 * carries another result than ours means that this node has diverged: a faulty machine or a bug, never a matter of time.
 */
import { equalBytes } from "@noema/core/bytes";
import type { ExecResult } from "@noema/core/ports/application";
import type { Hash, Height } from "@noema/core/ports/bytes";
import type { Header, HeaderExec } from "../types.ts";

/** Notarized headers that may wait for an own result; execution never lags that far while the chain goes on. */
const MAX_WAITING = 8192;

export type Divergence = { height: Height; headerHeight: Height; own: ExecResult; notarized: HeaderExec };

export type ExecWatch = {
  /** A header that more than two thirds of stake voted for. */
  notarized(header: Header): void;
  /** The own result of a height is there. */
  executed(height: Height): void;
};

export function createExecWatch(result: (height: Height) => ExecResult | undefined, diverged: (d: Divergence) => void): ExecWatch {
  const waiting = new Map<Height, Header[]>();
  let count = 0;

  function compare(header: Header, own: ExecResult): void {
    if (!isSameResult(own, header.exec)) diverged({ height: header.exec.height, headerHeight: header.height, own, notarized: header.exec });
  }
  return {
    notarized(header) {
      const own = result(header.exec.height);
      if (own !== undefined) return compare(header, own);
      if (count >= MAX_WAITING) return;
      count++;
      waiting.set(header.exec.height, [...(waiting.get(header.exec.height) ?? []), header]);
    },
    executed(height) {
      const own = result(height);
      const headers = waiting.get(height);
      if (own === undefined || headers === undefined) return;
      waiting.delete(height);
      count -= headers.length;
      for (const header of headers) compare(header, own);
    },
  };
}

const HASHES = ["evmBlockHash", "stateRoot", "receiptsRoot", "skippedRoot"] as const satisfies readonly (keyof HeaderExec)[];

export function isSameResult(a: HeaderExec, b: HeaderExec): boolean {
  return a.height === b.height && a.gasUsed === b.gasUsed && HASHES.every((name) => equalBytes(a[name] as Hash, b[name] as Hash));
}
