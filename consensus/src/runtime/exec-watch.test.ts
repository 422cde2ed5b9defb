import { blockNumber } from "@noema/core/block-number";
import { u64le, ZERO_HASH } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { ExecResult } from "@noema/core/ports/application";
import { expect, test } from "vitest";
import type { Header } from "../types.ts";
import { createExecWatch, type Divergence } from "./exec-watch.ts";

const LAG = 3;

function result(height: number, wrong = false): ExecResult {
  const root = sha256(u64le(height), Uint8Array.of(wrong ? 1 : 0));
  const roots = { stateRoot: root, receiptsRoot: ZERO_HASH, skippedRoot: ZERO_HASH, systemRoot: ZERO_HASH };
  return { height, number: blockNumber(height), evmBlockHash: root, gasUsed: 0n, ...roots };
}

/** The header of a block, which carries the result of the height LAG below. */
const header = (height: number): Header => ({ height, exec: result(Math.max(0, height - LAG)) }) as Header;

/** A watch over a chain of which heights up to `tip` are final and up to `done` are executed, wrongly from `wrongFrom` on. */
function watched({ tip = 0, done = 0, wrongFrom = Number.POSITIVE_INFINITY, from = 1, kept = 1024 } = {}) {
  const state = { tip, done };
  const divergences: Divergence[] = [];
  const agreed: number[] = [];
  const watch = createExecWatch(
    {
      result: (height) => (height > state.done || height < state.done - kept ? undefined : result(height, height >= wrongFrom)),
      final: (height) => (height > state.tip ? undefined : header(height)),
      executed: () => state.done,
      diverged: (d) => void divergences.push(d),
      agreed: (own) => void agreed.push(own.height),
    },
    from,
  );
  return {
    watch,
    divergences,
    agreed,
    finalize(height: number) {
      state.tip = height;
      watch.advance();
    },
    execute(height: number) {
      state.done = height;
      watch.executed(height);
    },
  };
}

test("tells which heights final headers agree on, whichever comes first, header or result", () => {
  const { agreed, finalize, execute, divergences } = watched();
  finalize(6);
  expect(agreed).toEqual([]);
  for (const height of [1, 2, 3, 4]) execute(height);
  expect(agreed).toEqual([1, 2, 3]);
  finalize(7);
  finalize(8);
  expect(agreed).toEqual([1, 2, 3, 4]);
  execute(5);
  expect(agreed).toEqual([1, 2, 3, 4, 5]);
  expect(divergences).toEqual([]);
});

test("execution that lags by more headers than any memory holds is compared all the same", () => {
  const { agreed, finalize, execute, divergences } = watched({ wrongFrom: 9500 });
  finalize(20_000);
  for (let height = 1; height <= 9600; height++) execute(height);
  expect(agreed.at(-1)).toBe(9499);
  expect(divergences).toMatchObject([{ height: 9500, headerHeight: 9503, agreed: 9499 }]);
});

test("a notarized header is enough, final or not, and one report as well", () => {
  const { watch, execute, divergences, agreed, finalize } = watched({ wrongFrom: 2 });
  watch.notarized(header(5));
  watch.notarized(header(5));
  execute(1);
  execute(2);
  expect(divergences).toHaveLength(1);
  expect(divergences[0]).toMatchObject({ height: 2, headerHeight: 5, own: result(2, true), notarized: result(2) });
  finalize(9);
  execute(3);
  watch.notarized(header(6));
  expect(divergences).toHaveLength(1);
  expect(agreed).toEqual([]); // what is built on a wrong result certifies nothing
});

test("a notarized header that is not final certifies nothing", () => {
  const { watch, execute, agreed } = watched();
  watch.notarized(header(5));
  execute(1);
  execute(2);
  expect(agreed).toEqual([]);
});

test("after a restart the stored results are compared with the headers that came before it", () => {
  const { watch, divergences } = watched({ tip: 100, done: 100, wrongFrom: 90, from: 36 });
  watch.advance();
  expect(divergences).toMatchObject([{ height: 90, headerHeight: 93, agreed: 89 }]);
});

test("results that are not kept any more are passed over", () => {
  const { watch, divergences, agreed } = watched({ tip: 100, done: 100, wrongFrom: 10, from: 1, kept: 4 });
  watch.advance();
  expect(agreed).toEqual([]);
  expect(divergences).toMatchObject([{ height: 96 }]);
});
