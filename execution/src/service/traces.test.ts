/** Traces of blocks that were executed, on the state that they found. */
import { blockNumber } from "@noema/core/block-number";
import { fromHex, to0x, ZERO_HASH } from "@noema/core/bytes";
import { describe, expect, it } from "vitest";
import { encodeChunk } from "../system/chunk.ts";
import { KIND } from "../system/kinds.ts";
import { encodeMine, encodeTransactions } from "../system/mine.ts";
import { OUTCOME } from "../system/outcomes.ts";
import { COINBASE, ECHO, signedTx, startChain, type TestChain, testAddress } from "../testing/chain.ts";
import { INSTANT, operationOf, setInput } from "../testing/operations.ts";
import { decodeTransaction } from "../transactions/decode.ts";

const at = (last: string) => `0x${last.padStart(40, "0")}` as const;
/** Adds 1 to slot 0, and logs slot 0 as it was. */
const COUNTER = at("c0");
/** Calls COUNTER with 1 wei, then REVERTER with the gas that is left, and answers nothing. */
const CALLER = at("c1");
/** Reverts with Error("no"). */
const REVERTER = at("c2");
/** Ends itself for 99. */
const ENDING = at("c3");
const alloc = {
  [ENDING]: { code: "0x6099ff" },
  [COUNTER]: { code: "0x5f545f5260205fa05f546001015f55" },
  [CALLER]: { code: "0x5f5f5f5f600160c05af1505f5f5f5f5f60c25af15000" },
  [REVERTER]: { code: "0x6308c379a05f5260206020526002604052616e6f60f01b6060526064601cfd" },
};
const hashOf = (raw: Uint8Array) => decodeTransaction(raw).hash;
const start = (options = {}) => startChain({ alloc, options });
const call = (nonce: bigint, to: `0x${string}` = CALLER) => signedTx(0, { nonce, to, gasLimit: 500_000n });

async function traced(chain: TestChain, raw: Uint8Array, name?: string, config?: unknown) {
  const [trace] = await chain.service.trace({ transaction: hashOf(raw) }, { name, config });
  return JSON.parse(trace?.result ?? "null");
}

describe("a trace of a transaction", () => {
  it("is of the state that it found, whatever came before it in its block and after it", async () => {
    const chain = await start();
    const txs = [call(0n, COUNTER), signedTx(1, { nonce: 0n, to: COUNTER }), call(1n, COUNTER)];
    await chain.service.execute(chain.input(1, txs));
    await chain.service.execute(chain.input(2, [call(2n, COUNTER)]));
    for (const [i, raw] of txs.entries()) {
      const { logs } = await traced(chain, raw, "callTracer", { withLog: true });
      expect(logs).toEqual([{ address: COUNTER, topics: [], data: to0x(word(i)), index: `0x${i}`, position: "0x0" }]);
    }
  });

  it("comes after the operations of its height", async () => {
    const chain = await start();
    const operation = setInput({ address: fromHex(COUNTER), slots: [{ key: ZERO_HASH, value: word(41) }] });
    const raw = call(0n, COUNTER);
    await chain.service.execute(chain.input(1, [raw], [operation]));
    expect((await traced(chain, raw, "prestateTracer"))[COUNTER].storage).toEqual({ [to0x(word(0))]: to0x(word(41)) });
  });

  it("does not come after operations that had no effect: those behind what asked for the block", async () => {
    const chain = await startChain({ alloc, genesis: INSTANT });
    const raw = call(0n, COUNTER);
    const staged = operationOf(KIND.chunk, encodeChunk(encodeTransactions([raw])));
    const mine = operationOf(KIND.mine, encodeMine({ count: 1n, ifDue: false, staged: [staged.id] }));
    const late = setInput({ address: fromHex(COUNTER), slots: [{ key: ZERO_HASH, value: word(41) }] });
    await chain.service.execute(chain.input(1, [], [staged]));
    const { operations } = await chain.service.execute(chain.input(2, [], [mine, late]));
    expect(operations.map((x) => x.outcome)).toEqual([OUTCOME.done, OUTCOME.busy]);
    expect((await traced(chain, raw, "prestateTracer"))[COUNTER].storage).toEqual({ [to0x(word(0))]: to0x(word(0)) });
  });

  it("tells calls with what they cost, returned and reverted with", async () => {
    const chain = await start();
    const raw = call(0n);
    const { receipts } = await chain.service.execute(chain.input(1, [signedTx(1, { nonce: 0n, to: CALLER, value: 9n }), raw]));
    const trace = await traced(chain, raw, "callTracer");
    const gasUsed = `0x${receipts[1]?.gasUsed.toString(16)}`;
    expect(trace).toMatchObject({
      type: "CALL",
      from: to0x(testAddress(0)),
      to: CALLER,
      gas: "0x7a120",
      gasUsed,
      value: "0x0",
      input: "0x",
    });
    const [counter, reverter] = trace.calls;
    expect(counter).toMatchObject({ to: COUNTER, value: "0x1", from: CALLER });
    expect(counter).not.toHaveProperty("error");
    expect(reverter).toMatchObject({ to: REVERTER, error: "execution reverted", revertReason: "no" });
    expect(await traced(chain, raw, "callTracer", { onlyTopCall: true })).not.toHaveProperty("calls");
    expect(await traced(chain, raw, "4byteTracer")).toEqual({});
    const flat = await traced(chain, raw, "flatCallTracer", { convertParityErrors: true });
    expect(flat.map((x: { traceAddress: number[]; error?: string }) => [x.traceAddress, x.error])).toEqual([
      [[], undefined],
      [[0], undefined],
      [[1], "Reverted"],
    ]);
    const mux = await traced(chain, raw, "muxTracer", { callTracer: {}, noopTracer: {} });
    expect(mux).toEqual({ callTracer: trace, noopTracer: {} });
  });

  it("tells each opcode, the one that stands past the end of the code, too", async () => {
    const chain = await start();
    const raw = call(0n, COUNTER);
    const { receipts } = await chain.service.execute(chain.input(1, [raw]));
    const { gas, failed, returnValue, structLogs } = await traced(chain, raw);
    expect([gas, failed, returnValue]).toEqual([Number(receipts[0]?.gasUsed), false, "0x"]);
    expect(structLogs[0]).toEqual({ pc: 0, op: "PUSH0", gas: 479_000, gasCost: 2, depth: 1, stack: [] });
    const store = structLogs.find((x: { op: string }) => x.op === "SSTORE");
    expect(store).toMatchObject({ gasCost: 20_000, storage: { [to0x(word(0))]: to0x(word(1)) } });
    expect(structLogs.at(-1).op).toBe("STOP");
    const creation = signedTx(1, { nonce: 0n, data: "0x5f5ff3", gasLimit: 100_000n });
    await chain.service.execute(chain.input(2, [creation]));
    const created = (await traced(chain, creation)).structLogs;
    expect(created.map((x: { op: string }) => x.op)).toEqual(["PUSH0", "PUSH0", "RETURN"]);
    const stopping = signedTx(1, { nonce: 1n, data: "0x5f00", gasLimit: 100_000n });
    await chain.service.execute(chain.input(3, [stopping]));
    expect((await traced(chain, stopping)).structLogs.map((x: { op: string }) => x.op)).toEqual(["PUSH0", "STOP"]);
    const bare = await traced(chain, raw, undefined, { disableStack: true, disableStorage: true, enableMemory: true, limit: 300 });
    expect(bare.structLogs.length).toBeLessThan(structLogs.length);
    for (const log of bare.structLogs) expect([log.stack, log.storage]).toEqual([undefined, undefined]);
  });

  it("tells what it changed, fees and nonce among it", async () => {
    const chain = await start();
    const raw = call(0n, COUNTER);
    await chain.service.execute(chain.input(1, [raw]));
    const { pre, post } = await traced(chain, raw, "prestateTracer", { diffMode: true });
    expect(post[COUNTER]).toEqual({ storage: { [to0x(word(0))]: to0x(word(1)) } });
    expect(pre[COUNTER]).not.toHaveProperty("storage");
    expect(post[to0x(testAddress(0))]).toMatchObject({ nonce: 1 });
    expect(Object.keys(post)).toContain(to0x(COINBASE));
    expect(pre).not.toHaveProperty(to0x(COINBASE)); // it was empty
  });
  it("keeps a contract that ends itself and was there before (EIP-6780), and drops one that the same transaction made", async () => {
    const chain = await start();
    const [ending, shortLived] = [
      signedTx(0, { nonce: 0n, to: ENDING, value: 7n }),
      signedTx(1, { nonce: 0n, data: "0x6099ff", value: 3n, gasLimit: 200_000n }),
    ];
    const { receipts } = await chain.service.execute(chain.input(1, [ending, shortLived]));
    const { pre, post } = await traced(chain, ending, "prestateTracer", { diffMode: true });
    expect([pre[ENDING], post[at("99")]]).toEqual([undefined, { balance: "0x7" }]);
    const made = to0x(receipts[1]?.contractAddress as Uint8Array);
    const second = await traced(chain, shortLived, "prestateTracer", { diffMode: true });
    expect([second.pre[made], second.post[made], second.post[at("99")]]).toEqual([undefined, undefined, { balance: "0xa" }]);
  });
});

describe("traces", () => {
  it("are of all of a block in order, and of a call", async () => {
    const chain = await start();
    const txs = [call(0n), signedTx(1, { nonce: 0n, to: COUNTER })];
    await chain.service.execute(chain.input(1, txs));
    const all = await chain.service.trace({ block: blockNumber(1) }, { name: "callTracer" });
    expect(all.map((x) => x.transaction)).toEqual(txs.map(hashOf));
    expect(await chain.service.trace({ block: blockNumber(0) }, {})).toEqual([]);
    const [told] = await chain.service.trace({ call: { to: fromHex(COUNTER) }, at: blockNumber(1) }, { name: "prestateTracer" });
    expect(JSON.parse(told?.result ?? "")[COUNTER].storage).toEqual({ [to0x(word(0))]: to0x(word(1)) });
  });

  it("of what nobody knows are none; what is too long, unknown or wrong is refused", async () => {
    const chain = await start({ traceBytes: 300 });
    const raw = call(0n);
    await chain.service.execute(chain.input(1, [raw]));
    expect(await chain.service.trace({ transaction: ZERO_HASH }, {})).toEqual([]);
    const codeOf = (name?: string, config?: unknown) => traced(chain, raw, name, config).catch((error) => error.code);
    expect(await codeOf()).toBe("TRACE_TOO_LARGE");
    expect(await codeOf("bigramTracer")).toBe("TRACE_TRACER_UNKNOWN");
    expect(await codeOf("muxTracer", { nope: {} })).toBe("TRACE_TRACER_UNKNOWN");
    expect(await codeOf("callTracer", { withLog: 1 })).toBe("TRACE_CONFIG_INVALID");
    expect(await codeOf("noopTracer")).toEqual({});
    expect((await chain.service.execute(chain.input(2, [call(1n)]))).included, "blocks go on").toMatchObject([{ ok: true }]);
  });

  it("of a height whose state is gone are refused", async () => {
    const chain = await startChain({ alloc, history: 2 });
    const raw = call(0n);
    await chain.service.execute(chain.input(1, [raw]));
    for (let height = 2; height < 6; height++) await chain.service.execute(chain.input(height));
    await expect(traced(chain, raw)).rejects.toMatchObject({ code: "STATE_PRUNED" });
  });
});

function word(n: number): Uint8Array {
  return fromHex(`0x${n.toString(16).padStart(64, "0")}`);
}

describe("inferences", () => {
  /** Calls ECHO twice with the byte 5 and with 0xff, at which it reverts. */
  const ASKING = at("c4");
  it("are told of each call that a model answered, of a transaction and of a call, and cost nothing else anything", async () => {
    const target = to0x(ECHO).slice(2);
    const code = `0x${["05", "ff"].map((byte) => `60${byte}5f535f5f60015f73${target}5afa50`).join("")}00`;
    const chain = await startChain({ alloc: { [ASKING]: { code } } });
    const seen: [string, string][] = [];
    chain.precompiles.inspect = (address, input) => {
      seen.push([to0x(address), to0x(input)]);
      const layer = { operator: "ECHO", dtype: "int8", shape: [1], macs: 0, micros: 1.26, hash: ZERO_HASH };
      return { model: ZERO_HASH, engine: "echo", layers: [layer] };
    };
    const raw = call(0n, ASKING);
    await chain.service.execute(chain.input(1, [raw]));
    await traced(chain, raw, "callTracer");
    expect(seen).toEqual([]);
    const expected = [
      {
        model: to0x(ZERO_HASH),
        from: ASKING,
        depth: 1,
        gasUsed: "0x3",
        output: "0x05",
        engine: "echo",
        micros: 1.3,
        layers: [{ index: 0, operator: "ECHO", dtype: "int8", shape: [1], macs: 0, micros: 1.3, hash: to0x(ZERO_HASH) }],
      },
    ];
    const [byHash] = await chain.service.trace({ transaction: hashOf(raw) }, { own: "inferences" });
    expect(JSON.parse(byHash?.result ?? "")).toMatchObject(expected);
    const [byCall] = await chain.service.trace({ call: { to: fromHex(ASKING) }, at: blockNumber(1) }, { own: "inferences" });
    expect(JSON.parse(byCall?.result ?? "")).toMatchObject(expected);
    expect(seen).toEqual(Array(2).fill([to0x(ECHO), "0x05"]));
  });
});

describe("failures", () => {
  /** Calls REVERTER and fails with what that said. */
  const PASSING = at("c5");
  /** Calls PASSING and reverts with nothing. */
  const SILENT = at("c6");
  /** Calls REVERTER, then reverts with a byte of its own, after a jump that is taken and one that is not. */
  const OWN = at("c7");
  const codes = {
    [PASSING]: { code: "0x5f5f5f5f5f60c25af1503d5f5f3e3d5ffd" },
    [SILENT]: { code: "0x5f5f5f5f5f60c55af15f5ffd" },
    [OWN]: { code: "0x5f5f5f5f5f60c25af1505f6010576013565bfe5b60015ffd" },
  };
  const failed = async (to: `0x${string}`) => {
    const chain = await startChain({ alloc: { ...alloc, ...codes } });
    const [trace] = await chain.service.trace({ call: { to: fromHex(to) }, at: blockNumber(0) }, { own: "failure" });
    return JSON.parse(trace?.result ?? "");
  };
  const reverter = { type: "CALL", to: REVERTER, error: "execution reverted", output: expect.stringMatching(/^0x08c379a0/), pc: 30 };

  it("are stacks from the outermost frame to where the failure began, as far as it was passed on", async () => {
    expect(await failed(COUNTER)).toBeNull();
    expect(await failed(REVERTER)).toMatchObject([reverter]);
    const passing = { to: PASSING, pc: 8, jumps: [], output: expect.stringMatching(/^0x08c379a0/) };
    expect(await failed(PASSING)).toMatchObject([passing, { ...reverter, from: PASSING }]);
    expect(await failed(SILENT)).toMatchObject([{ to: SILENT, pc: 8, output: "0x" }, passing, reverter]);
    expect(await failed(OWN)).toMatchObject([{ to: OWN, pc: 23, jumps: [16], output: "0x00" }]);
    expect(await failed(CALLER)).toBeNull();
  });
});
