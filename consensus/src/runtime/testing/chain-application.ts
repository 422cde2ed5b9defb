/** A deterministic application for tests: the state root of a height is a hash over all blocks up to it. */
import { blockNumber } from "@noema/core/block-number";
import { u64le, utf8, ZERO_HASH } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Application, ExecResult, FinalBlock } from "@noema/core/ports/application";
import type { AvailabilityCert } from "@noema/core/ports/data";
import type { ValidatorSet } from "@noema/core/ports/signing";

export type ChainApplication = Application & {
  /** Heights whose execution began, in order. */
  readonly begun: number[];
  /** What it has executed, in order; a block that is executed again stands twice. */
  readonly executed: FinalBlock[];
  offer(cert: AvailabilityCert): void;
  /** Executes wrongly from this height on. */
  corruptFrom(height: number): void;
  /** The next attempts to execute fail. */
  failNext(attempts: number, error?: Error): void;
  /** finalized() waits while held. */
  hold(held: boolean): void;
};

const KEPT = 16;

/** `durable` survives restarts: pass the map of the life before. */
export function createChainApplication(set: ValidatorSet, durable: Map<number, ExecResult> = new Map()): ChainApplication {
  const begun: number[] = [];
  const executed: FinalBlock[] = [];
  const offered: AvailabilityCert[] = [];
  const watchers: (() => void)[] = [];
  let failures = 0;
  let failure: Error | undefined;
  let corrupt = Number.POSITIVE_INFINITY;
  let gate: { promise: Promise<void>; open: () => void } | undefined;
  if (durable.size === 0) durable.set(0, resultOf(0, ZERO_HASH));
  const top = () => Math.max(...durable.keys());

  return {
    begun,
    executed,
    async draft(_parent, maxExecHeight) {
      const exec = durable.get(Math.min(top(), maxExecHeight)) as ExecResult;
      return { certs: [...offered], seals: [], exec };
    },
    // As the real one: after a restart the oldest results are not held any more.
    result: (height) => (height < top() - KEPT ? undefined : durable.get(height)),
    async finalized(block, stored) {
      await gate?.promise;
      begun.push(block.height);
      if (failures > 0) {
        failures--;
        throw failure;
      }
      const before = durable.get(block.height - 1);
      if (before === undefined) throw new Error(`height ${block.height} after ${top()}`);
      const salt = block.height >= corrupt ? utf8("wrong") : new Uint8Array(0);
      const root = sha256(before.stateRoot, block.hash, block.prevRandao, salt);
      const result = resultOf(block.height, root);
      await stored;
      executed.push(block);
      durable.set(block.height, result);
      return result;
    },
    validatorSet: (epoch) => ({ ...set, epoch }),
    recovered: top,
    onPayload: (f) => void watchers.push(f),
    offer(cert) {
      offered.push(cert);
      for (const f of watchers) f();
    },
    corruptFrom(height) {
      corrupt = height;
    },
    failNext(attempts, error = new Error("the batch is not here yet")) {
      failures = attempts;
      failure = error;
    },
    hold(held) {
      gate?.open();
      gate = undefined;
      if (!held) return;
      let open = () => {};
      gate = { promise: new Promise((resolve) => (open = resolve)), open: () => open() };
    },
  };
}

function resultOf(height: number, stateRoot: Uint8Array): ExecResult {
  return {
    height,
    evmBlockHash: sha256(u64le(height)),
    stateRoot,
    receiptsRoot: ZERO_HASH,
    gasUsed: BigInt(height),
    skippedRoot: ZERO_HASH,
    number: blockNumber(height),
    systemRoot: ZERO_HASH,
  };
}
