import { blockNumber } from "@noema/core/block-number";
import { equalBytes, u64le, ZERO_HASH } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { ExecResult, FinalBlock } from "@noema/core/ports/application";
import type { Bytes } from "@noema/core/ports/bytes";
import { batchId } from "@noema/da-layer/payload/batch";
import type { BlockInput } from "@noema/execution/api";
import { expect, it } from "vitest";
import { createPayloads } from "./payloads.ts";
import { type ReplayDeps, replay } from "./replay.ts";

const LAG = 3;
const TXS: Bytes[] = [Uint8Array.of(2, 1), Uint8Array.of(2, 2)];
const block = (height: number, txs: Bytes[] = TXS) =>
  ({
    height,
    certs: [
      { kind: "batch", header: { id: batchId(txs) } },
      { kind: "blob", header: { id: ZERO_HASH } },
    ],
  }) as unknown as FinalBlock;

it("takes a block's batches from the journal, and believes none whose id is another", () => {
  const payloads = (held: Bytes[] | undefined) => createPayloads({ batch: () => held && { txs: held } }, () => undefined);
  expect(payloads(TXS).of(block(5))).toEqual({ system: [], txs: TXS, senders: TXS.map(() => undefined) });
  for (const held of [undefined, TXS.slice(1)])
    expect(() => payloads(held).of(block(5))).toThrowError(expect.objectContaining({ code: "REEXECUTE_PAYLOAD_MISSING" }));
});

it("takes operations apart from transactions, each in the order of the certificates", () => {
  const held = new Map([1, 2, 3].map((n) => [n, [Uint8Array.of(n), Uint8Array.of(n, n)]]));
  const certs = (["system", "batch", "system"] as const).map((kind, i) => ({ kind, header: { id: batchId(held.get(i + 1) as Bytes[]) } }));
  const batch = (id: Bytes) => ({ txs: [...held.values()].find((items) => equalBytes(batchId(items), id)) as Bytes[] });
  const { system, txs } = createPayloads({ batch }, () => undefined).of({ height: 5, certs } as unknown as FinalBlock);
  expect([system.map(({ data }) => [...data]), txs.map((raw) => [...raw])]).toEqual([
    [[1], [1, 1], [3], [3, 3]],
    [[2], [2, 2]],
  ]);
});

it("falls back on what the old state says that the block held", () => {
  const earlier = { system: [], txs: TXS, skippedRoot: sha256(Uint8Array.of(1)) };
  const payloads = createPayloads({ batch: () => undefined }, (height) => (height === 5 ? earlier : undefined));
  expect(payloads.of(block(5))).toEqual(earlier);
  expect(() => payloads.of(block(6))).toThrowError(expect.objectContaining({ data: expect.objectContaining({ height: 6 }) }));
});

function result(height: number, wrong = false): ExecResult {
  const root = sha256(u64le(height), Uint8Array.of(wrong ? 1 : 0));
  const roots = { stateRoot: root, receiptsRoot: ZERO_HASH, skippedRoot: ZERO_HASH, systemRoot: ZERO_HASH };
  return { height, number: blockNumber(height), evmBlockHash: root, gasUsed: 0n, ...roots };
}

/** A chain of ten blocks; executing is wrong from a height on. */
function chainOfTen(wrongFrom = Number.POSITIVE_INFINITY, start = 0): ReplayDeps & { inputs: BlockInput[]; seen: number[] } {
  const inputs: BlockInput[] = [];
  const seen: number[] = [];
  const header = (height: number) => ({ height, epoch: 0, view: height, proposer: 0, timestampMs: 1000 * height, parentHash: ZERO_HASH });
  const stored = (height: number) =>
    height > 10
      ? undefined
      : { hash: ZERO_HASH, header: { ...header(height), exec: result(Math.max(0, height - LAG)) }, body: { certs: [] } };
  return {
    store: { tip: () => 10, oldest: () => 1, block: stored, beacon: () => ({ mix: ZERO_HASH }) } as never,
    execution: {
      async execute(input) {
        inputs.push(input);
        return { result: result(input.height, input.height >= wrongFrom) } as never;
      },
    },
    payloads: { of: () => ({ system: [], txs: TXS }) },
    setOf: () => ({ members: [{ feeAddress: new Uint8Array(20).fill(7) }] }) as never,
    start: result(start),
    executed: ({ height }) => void seen.push(height),
    inputs,
    seen,
  };
}

it("executes every block in order and compares each certified result", async () => {
  const chain = chainOfTen();
  expect(await replay(chain)).toEqual({ height: 10, agreed: 7 });
  expect(chain.seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(chain.inputs[3]).toMatchObject({ height: 4, timestampMs: 4000, coinbase: new Uint8Array(20).fill(7), txs: TXS });
});

it("says at which height the results still differ, and stops there", async () => {
  const chain = chainOfTen(5);
  expect(await replay(chain)).toMatchObject({ height: 5, agreed: 4, differs: { height: 5, headerHeight: 8, own: result(5, true) } });
  expect(chain.seen.at(-1)).toBe(5);
});

it("goes on where an interrupted run had come to", async () => {
  const chain = chainOfTen(undefined, 6);
  expect(await replay(chain)).toEqual({ height: 10, agreed: 7 });
  expect(chain.seen).toEqual([7, 8, 9, 10]);
});

it("results above the last certified one are not judged", async () => {
  expect(await replay(chainOfTen(8))).toEqual({ height: 10, agreed: 7 });
});
