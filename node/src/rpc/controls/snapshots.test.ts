import { KIND, type Kind } from "@noema/execution/system/kinds";
import { OUTCOME, type Outcome } from "@noema/execution/system/outcomes";
import { decodeRevert } from "@noema/execution/system/revert";
import { afterEach, expect, it } from "vitest";
import { createRpcServer, type RpcServer } from "../server.ts";
import { callRpc } from "../testing/call.ts";
import { createFakeChain } from "../testing/fake-chain.ts";

const started: RpcServer[] = [];
afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
});

function serve(outcome: Outcome = 0, value?: number) {
  const asked: unknown[] = [];
  async function submit(kind: Kind, body: Uint8Array) {
    asked.push(kind === KIND.revert ? decodeRevert(body) : kind);
    return { outcome, value };
  }
  const chain = createFakeChain();
  const server = createRpcServer({ port: 0 }, { ...chain.deps, operations: { submit } });
  started.push(server);
  return { ...chain, asked, ask: (name: string, ...params: unknown[]) => callRpc(server, name, ...params) };
}

it("answers as anvil and Hardhat do", async () => {
  const { ask, asked, mine } = serve(0, 17);
  for (let i = 0; i < 5; i++) mine([]);
  const calls: [name: string, params: unknown[], answer: unknown, operation: unknown][] = [
    ["evm_snapshot", [], "0x11", KIND.snapshot],
    ["anvil_snapshot", [], "0x11", KIND.snapshot],
    ["evm_revert", ["0x11"], true, { snapshot: 17 }],
    ["anvil_revert", ["0x1"], true, { snapshot: 1 }],
    ["evm_revert", [3], true, { snapshot: 3 }],
    ["hardhat_reset", [], true, "genesis"],
    ["hardhat_reset", [{}], true, "genesis"],
    ["anvil_reset", [{ forking: null }], null, "genesis"],
    ["anvil_rollback", [], null, { number: 4 }],
    ["anvil_rollback", [5], null, { number: 0 }],
  ];
  for (const [name, params, answer, operation] of calls)
    expect([name, (await ask(name, ...params)).result, asked.pop()]).toEqual([name, answer, operation]);
});

it("an id that serves no more is false, and every other refusal says why", async () => {
  const unknown = serve(OUTCOME.snapshotUnknown);
  expect((await unknown.ask("evm_revert", "0x5")).result).toBe(false);
  expect((await unknown.ask("evm_revert", `0x${"ff".repeat(32)}`)).result).toBe(false);
  expect(unknown.asked).toEqual([{ snapshot: 5 }]);
  expect((await serve(OUTCOME.historyGone).ask("evm_revert", "0x5")).error).toMatchObject({ data: { code: "DEV_HISTORY_GONE" } });
  for (const params of [[], ["fixture"], [-1], [{}]]) expect((await unknown.ask("evm_revert", ...params)).error?.code).toBe(-32602);
});

it("refuses to begin from another chain, and to go back below block 0", async () => {
  const { ask, asked } = serve();
  for (const options of [{ forking: { jsonRpcUrl: "http://127.0.0.1:1" } }, { forking: { blockNumber: 3 } }])
    for (const name of ["hardhat_reset", "anvil_reset"])
      expect((await ask(name, options)).error).toMatchObject({ code: -32602, data: { code: "RPC_NO_FORKING" } });
  for (const options of ["fork", [], { forking: "http://127.0.0.1:1" }])
    expect((await ask("hardhat_reset", options)).error?.code).toBe(-32602);
  expect((await ask("anvil_rollback", 1)).error?.code).toBe(-32602);
  expect(asked).toEqual([]);
});
