/** What a tracer is told of blocks and calls: opcodes with their gas, frames with what they ask and answer. */
import { blockNumber } from "@noema/core/block-number";
import { fromHex, toHex, ZERO_HASH } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { expect, it } from "vitest";
import { EMPTY_ACCOUNT } from "../../state/account.ts";
import type { FlatState } from "../../state/reader.ts";
import { CHAIN_ID, COINBASE, echoPrecompiles, signedTx, testAddress } from "../../testing/chain.ts";
import type { BlockEnv } from "../engine.ts";
import type { TraceEnter, TraceExit, Tracer, TraceStep } from "../trace.ts";
import { createReferenceEngine } from "./engine.ts";

const at = (last: string) => fromHex(`0x${last.padStart(40, "0")}`);
/** Calls c2 with 1 wei and 0xff gas asked, hashes 32 bytes by precompile 2, creates a contract without code, and ends itself for 99. */
const CALLER = `${"5f5f5f5f600160c261fffff1"}50${"5f5f60205f600261fffffa"}50${"5f5f5ff0"}50${"6099ff"}`;
const REVERTER = "60205ffd";
/** MSTORE at 2^32. */
const TO_MEMORY = "5f64010000000052";
const codes: Record<string, string> = { c1: CALLER, c2: REVERTER, c3: "5fff0c", c4: "5f56", c5: "0c", c6: TO_MEMORY };
const held = new Map(Object.entries(codes).map(([address, code]) => [toHex(at(address)), fromHex(code)]));
const byHash = new Map([...held.values()].map((code) => [toHex(keccak256(code)), code]));
const state: FlatState = {
  account(address) {
    const code = held.get(toHex(address));
    return { ...EMPTY_ACCOUNT, balance: 10n ** 20n, ...(code && { nonce: 1n, codeHash: keccak256(code) }) };
  },
  slot: () => new Uint8Array(0),
  code: (hash) => byHash.get(toHex(hash)) ?? new Uint8Array(0),
};
const env: BlockEnv = {
  number: blockNumber(1),
  height: 1,
  timestamp: 1n,
  coinbase: COINBASE,
  prevRandao: ZERO_HASH,
  gasLimit: 30_000_000n,
  baseFeePerGas: 7n,
  blockHash: () => undefined,
};

type Told = { steps: TraceStep[]; frames: (TraceEnter | TraceExit)[] };

function recorder(): Tracer & Told {
  const told: Told = { steps: [], frames: [] };
  return {
    ...told,
    step: (x) => told.steps.push({ ...x, memory: x.memory.slice() }),
    enter: (x) => told.frames.push(x),
    exit: (x) => told.frames.push(x),
  };
}

async function traced(to: Bytes, data?: Bytes) {
  const engine = await createReferenceEngine({ fork: "osaka", chainId: CHAIN_ID, precompiles: echoPrecompiles() });
  const run = (tracer?: Tracer) => engine.call(state, env, { from: testAddress(0), to, data }, 1_000_000n, [], tracer && (() => tracer));
  const tracer = recorder();
  const [before, result, after] = [await run(), await run(tracer), await run()];
  expect([before, after], "who looks on changes nothing").toEqual([result, result]);
  return { ...tracer, result };
}

it("tells each opcode with the gas before it and what it takes", async () => {
  const { steps, result } = await traced(at("c1"));
  const own = steps.filter((x) => x.depth === 0);
  expect(own[0]).toMatchObject({ pc: 0, opcode: 0x5f, gas: 1_000_000n - 21_000n, cost: 2n, stack: [], refund: 0n });
  for (const [i, step] of own.slice(0, -1).entries()) {
    const spent = step.gas - (own[i + 1] as TraceStep).gas;
    if (step.opcode === 0xf1 || step.opcode === 0xfa || step.opcode === 0xf0)
      expect(spent, `pc ${step.pc}`).toBeGreaterThanOrEqual(step.cost - 2_300n);
    else expect(spent, `pc ${step.pc}`).toBe(step.cost);
  }
  const call = own.find((x) => x.opcode === 0xf1);
  expect(call).toMatchObject({ cost: 2_600n + 9_000n, passed: 0xffffn, stack: [0n, 0n, 0n, 0n, 1n, 0xc2n, 0xffffn] });
  expect(own.at(-1)).toMatchObject({ opcode: 0xff, cost: 5_000n + 2_600n });
  expect(result).toMatchObject({ ok: true, gasBeforeRefund: 21_000n + (own[0] as TraceStep).gas - (own.at(-1) as TraceStep).gas + 7_600n });
  expect(steps.filter((x) => x.depth === 1).map((x) => [x.pc, x.opcode, toHex(x.address)])).toEqual([
    [0, 0x60, toHex(at("c2"))],
    [2, 0x5f, toHex(at("c2"))],
    [3, 0xfd, toHex(at("c2"))],
  ]);
});

it("tells frames: calls, precompiles, creations, ends, and why one failed", async () => {
  const { frames } = await traced(at("c1"), fromHex("0x01"));
  const [top, call, reverted, precompile, hashed, create, created, end, ended, bottom, ...more] = frames;
  expect(top).toMatchObject({ kind: "CALL", depth: 0, from: testAddress(0), to: at("c1"), input: fromHex("0x01"), value: 0n });
  expect(call).toMatchObject({ kind: "CALL", depth: 1, from: at("c1"), to: at("c2"), value: 1n, gas: 0xffffn + 2_300n });
  expect(reverted).toMatchObject({ error: "revert", output: new Uint8Array(32) });
  expect(precompile).toMatchObject({ kind: "STATICCALL", to: at("2"), input: new Uint8Array(32) });
  expect(hashed).toMatchObject({ gasUsed: 72n, output: expect.any(Uint8Array) });
  expect(create).toMatchObject({ kind: "CREATE", from: at("c1") });
  expect(create).not.toHaveProperty("to");
  expect((created as TraceExit).created).toHaveLength(20);
  expect(end).toMatchObject({ kind: "SELFDESTRUCT", from: at("c1"), to: at("99"), value: 10n ** 20n });
  expect([ended, bottom].map((x) => (x as TraceExit).error)).toEqual([undefined, undefined]);
  expect(more).toEqual([]);
});

it("says why an opcode is not executed", async () => {
  const last = async (to: string) => (await traced(at(to))).steps.at(-1);
  expect(await last("c3")).not.toHaveProperty("error");
  expect(await last("c4")).toMatchObject({ opcode: 0x56, cost: 8n });
  expect(await last("c5")).toMatchObject({ opcode: 0x0c, error: "invalid opcode: opcode 0xc not defined" });
  expect(await last("c6")).toMatchObject({ opcode: 0x52, error: "out of gas" });
});

it("tells the transactions of a block that are included, each as a frame at depth 0", async () => {
  const engine = await createReferenceEngine({ fork: "osaka", chainId: CHAIN_ID, precompiles: echoPrecompiles() });
  const to = (address: string) => `0x${toHex(at(address))}` as const;
  const txs = [signedTx(0, { to: to("c2") }), signedTx(0, { to: to("c2"), nonce: 7n }), signedTx(0, { to: to("c3"), nonce: 1n })];
  const tracer = recorder();
  const { executed, skipped, diff } = await engine.executeBlock(state, env, txs, () => tracer);
  expect([executed.length, skipped.length]).toEqual([2, 1]);
  const tops = tracer.frames.filter((x) => "depth" in x && x.depth === 0) as TraceEnter[];
  expect(tops.map((x) => x.to)).toEqual([at("c2"), at("c3")]);
  expect((await engine.executeBlock(state, env, txs)).diff).toEqual(diff);
});
