import { fromHex } from "@noema/core/bytes";
import { decodeClock } from "@noema/execution/system/clock";
import type { DevView } from "@noema/execution/system/dev-view";
import { KIND, type Kind } from "@noema/execution/system/kinds";
import { decodeNext, NO_INTERVAL } from "@noema/execution/system/next";
import type { Outcome } from "@noema/execution/system/outcomes";
import { afterEach, expect, it } from "vitest";
import { createRpcServer, type RpcServer } from "../server.ts";
import { callRpc } from "../testing/call.ts";
import { createFakeChain } from "../testing/fake-chain.ts";

const NOW = 1_700_000_100; // the fake chain's
const WHO = `0x${"ab".repeat(20)}`;
const HASH = `0x${"cd".repeat(32)}`;

const started: RpcServer[] = [];
afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
});

function serve(outcome: Outcome = 0) {
  const decoded: object[] = [];
  let view: DevView = {
    offsetMs: 0n,
    nextSnapshot: 0,
    resets: 0,
    autoImpersonate: false,
    mining: { every: false, auto: true, intervalMs: 0 },
  };
  async function submit(kind: Kind, body: Uint8Array) {
    if (kind === KIND.clock) {
      const { add, ms } = decodeClock(body);
      view = { ...view, offsetMs: add ? view.offsetMs + ms : ms - BigInt(NOW * 1000) };
    } else view = { ...view, ...defined(decodeNext(body)) };
    decoded.push(kind === KIND.clock ? decodeClock(body) : defined(decodeNext(body)));
    return { outcome };
  }
  const { deps } = createFakeChain();
  const server = createRpcServer({ port: 0 }, { ...deps, chain: { ...deps.chain, controls: () => view }, operations: { submit } });
  started.push(server);
  return { decoded, ask: (name: string, ...params: unknown[]) => callRpc(server, name, ...params) };
}

function defined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, x]) => x !== undefined));
}

it("sets what each method names, and answers as anvil and Hardhat do", async () => {
  const { ask, decoded } = serve();
  const calls: [name: string, params: unknown[], answer: unknown, operation: object][] = [
    ["evm_increaseTime", [100], 100, { add: true, ms: 100_000n, negative: false }],
    ["anvil_increaseTime", ["0x64"], 200, { add: true, ms: 100_000n, negative: false }],
    ["evm_setTime", [NOW + 1200], 1000, { add: false, ms: BigInt(NOW + 1200) * 1000n, negative: false }],
    ["anvil_setTime", [(NOW + 1300) * 1000], 100, { add: false, ms: BigInt(NOW + 1300) * 1000n, negative: false }],
    ["evm_setTime", [NOW], 0, { add: false, ms: BigInt(NOW) * 1000n, negative: false }],
    ["evm_setNextBlockTimestamp", [NOW + 5], null, { timestamp: BigInt(NOW + 5) }],
    ["anvil_setNextBlockTimestamp", [`0x${NOW.toString(16)}`], null, { timestamp: BigInt(NOW) }],
    ["anvil_setBlockTimestampInterval", [7], null, { timestampInterval: 7n }],
    ["anvil_removeBlockTimestampInterval", [], true, { timestampInterval: NO_INTERVAL }],
    ["anvil_setNextBlockBaseFeePerGas", ["0x0"], null, { baseFee: 0n }],
    ["hardhat_setNextBlockBaseFeePerGas", ["0x7"], true, { baseFee: 7n }],
    ["anvil_setPrevRandao", [HASH], null, { prevRandao: fromHex(HASH) }],
    ["hardhat_setPrevRandao", [HASH], true, { prevRandao: fromHex(HASH) }],
    ["anvil_setCoinbase", [WHO], null, { coinbase: fromHex(WHO) }],
    ["hardhat_setCoinbase", [WHO], true, { coinbase: fromHex(WHO) }],
    ["evm_setBlockGasLimit", ["0x1c9c380"], true, { gasLimit: 30_000_000n }],
    ["anvil_setBlockGasLimit", [30_000_000], true, { gasLimit: 30_000_000n }],
  ];
  for (const [name, params, answer, operation] of calls)
    expect([name, (await ask(name, ...params)).result, decoded.pop()]).toEqual([name, answer, operation]);
  expect((await ask("eth_coinbase")).result).toBe(WHO);
});

it("removes no interval where there is none, and says why nothing was set", async () => {
  const { ask, decoded } = serve();
  expect([(await ask("anvil_removeBlockTimestampInterval")).result, decoded]).toEqual([false, []]);
  expect((await serve(4).ask("evm_setNextBlockTimestamp", 1)).error).toMatchObject({ code: -32602, data: { code: "DEV_TIME_BACKWARDS" } });
  for (const params of [[], [-1], ["soon"], [2 ** 50]])
    expect((await ask("evm_setNextBlockTimestamp", ...params)).error?.code).toBe(-32602);
});
