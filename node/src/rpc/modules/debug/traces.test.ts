/** debug_trace* as clients ask it. */
import { to0x } from "@noema/core/bytes";
import type { MessageTrace, TraceTarget } from "@noema/execution/api";
import type { TracerChoice } from "@noema/execution/trace/tracers";
import { afterEach, expect, it } from "vitest";
import { createRpcServer, type RpcServer } from "../../server.ts";
import { callRpc, resultOf } from "../../testing/call.ts";
import { createFakeChain } from "../../testing/fake-chain.ts";

const HASH = `0x${"ab".repeat(32)}`;
const servers: RpcServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

function serve(traces: readonly MessageTrace[]) {
  const asked: [TraceTarget, TracerChoice][] = [];
  const { deps, mine } = createFakeChain();
  mine([]);
  const trace = async (target: TraceTarget, choice: TracerChoice) => {
    asked.push([target, choice]);
    return [...traces];
  };
  const server = createRpcServer({ port: 0 }, { ...deps, execution: { ...deps.execution, trace } });
  servers.push(server);
  return { server, asked };
}

it("answers what the tracer made, as it is", async () => {
  const { server, asked } = serve([{ transaction: new Uint8Array(32).fill(0xab), result: '{"structLogs":[1]}' }]);
  expect(await resultOf(server, "debug_traceTransaction", HASH, { enableMemory: true })).toEqual({ structLogs: [1] });
  expect(await resultOf(server, "debug_traceBlockByNumber", "0x1", { tracer: "callTracer", tracerConfig: { withLog: true } })).toEqual([
    { txHash: HASH, result: { structLogs: [1] } },
  ]);
  expect(await resultOf(server, "debug_traceCall", { to: `0x${"11".repeat(20)}` }, "0x0")).toEqual({ structLogs: [1] });
  expect(asked.map(([, choice]) => choice)).toEqual([
    { config: { enableMemory: true } },
    { name: "callTracer", config: { withLog: true } },
    {},
  ]);
  expect(
    asked.map(([target]) => ("transaction" in target ? to0x(target.transaction) : "block" in target ? target.block : target.at)),
  ).toEqual([HASH, 1, 0]);
});

it("says what it cannot trace", async () => {
  const { server } = serve([]);
  const codeOf = async (name: string, ...params: unknown[]) =>
    ((await callRpc(server, name, ...params)).error?.data as { code: string } | undefined)?.code;
  expect(await codeOf("debug_traceTransaction", HASH)).toBe("RPC_TRANSACTION_UNKNOWN");
  expect(await codeOf("debug_traceBlockByNumber", "0x9")).toBe("RPC_BLOCK_UNKNOWN");
  expect(await codeOf("debug_traceTransaction", HASH, { tracer: "{ data: [], fault() {} }" })).toBe("RPC_PARAMS_INVALID");
  expect(await codeOf("debug_traceCall", {}, "latest", { blockOverrides: { number: "0x1" } })).toBe("RPC_PARAMS_INVALID");
});
