/** Which operations a request for blocks with seconds between them becomes. */
import { decodeClock } from "@noema/execution/system/clock";
import { KIND, type Kind } from "@noema/execution/system/kinds";
import { decodeMine } from "@noema/execution/system/mine";
import { OUTCOME, type Outcome } from "@noema/execution/system/outcomes";
import { afterEach, expect, it } from "vitest";
import { createRpcServer, type RpcServer } from "../server.ts";
import { callRpc } from "../testing/call.ts";
import { createFakeChain } from "../testing/fake-chain.ts";

const started: RpcServer[] = [];
afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
});

/** Each as its kind and what it says: how far the clock goes, or how many blocks and what is between them. */
function serve(timeOutcome: Outcome = 0) {
  const submitted: unknown[][] = [];
  async function submit(kind: Kind, body: Uint8Array) {
    const { count, interval } = kind === KIND.mine ? decodeMine(body) : {};
    submitted.push(kind === KIND.mine ? ["mine", count, interval] : kind === KIND.clock ? ["clock", decodeClock(body).ms] : [kind]);
    return { outcome: kind === KIND.next ? timeOutcome : (0 as const) };
  }
  const { deps } = createFakeChain();
  const server = createRpcServer({ port: 0 }, { ...deps, operations: { submit } });
  started.push(server);
  return { submitted, ask: (name: string, ...params: unknown[]) => callRpc(server, name, ...params) };
}

it("anvil's clock goes on before the first block too, and by nothing where it is told 0, as viem tells it", async () => {
  const { submitted, ask } = serve();
  const asked = async (...params: unknown[]) => {
    await ask(...(params as [string]));
    return submitted.splice(0);
  };
  expect(await asked("anvil_mine", "0x3", "0x3c")).toEqual([
    ["clock", 60_000n],
    ["mine", 3n, 60n],
  ]);
  expect(await asked("anvil_mine", "0x3", "0x0")).toEqual([["mine", 3n, undefined]]);
  expect(await asked("anvil_mine", "0x0", "0x3c")).toEqual([]);
  expect(await asked("anvil_mine")).toEqual([["mine", 1n, undefined]]);
  expect(await asked("hardhat_mine", "0x3", "0x0")).toEqual([["mine", 3n, 0n]]);
  expect(await asked("hardhat_mine", "0x3")).toEqual([["mine", 3n, 1n]]);
});

it("goes on where a transaction's block comes between two operations and is later than the next one was to be", async () => {
  const parts = [["mine", 65_536n, 1n], [KIND.next], ["mine", 65_536n, 1n], [KIND.next], ["mine", 8n, 1n]];
  const { submitted, ask } = serve(OUTCOME.timeBackwards);
  expect([(await ask("hardhat_mine", "0x20008", "0x1")).result, submitted]).toEqual([true, parts]);
  const { error } = await serve(OUTCOME.outOfRange).ask("hardhat_mine", "0x20008", "0x1");
  expect(error).toMatchObject({ data: { code: "DEV_OUT_OF_RANGE" } });
});
