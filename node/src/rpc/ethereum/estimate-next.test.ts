/** Who is asked what a message would cost: nobody for a transfer where nothing waits for the next block. */
import type { CallRequest } from "@noema/execution/api";
import { EMPTY_CODE_HASH } from "@noema/execution/state/account";
import { signedTx } from "@noema/execution/testing/chain";
import { expect, it } from "vitest";
import { ACCOUNT, CONTRACT } from "../testing/fake-blocks.ts";
import { createFakeChain } from "../testing/fake-chain.ts";
import { estimateNext } from "./estimate-next.ts";

const ASKED = 77_777n;
const rich = { balance: 10n ** 18n, codeHash: EMPTY_CODE_HASH };

function start() {
  const { deps } = createFakeChain();
  const execution = { ...deps.execution, estimateGas: async () => ASKED };
  const pool = { ...deps.pool, accounts: async () => [rich, rich] };
  return { ...deps, execution, pool };
}
const transfer: CallRequest = { from: ACCOUNT.address, to: CONTRACT, value: 1n, maxFeePerGas: 10n ** 11n };

it("knows a transfer's gas, and asks for what else a message may be", async () => {
  const deps = start();
  expect(await estimateNext(deps, transfer)).toBe(21_000n);
  expect(await estimateNext(deps, { ...transfer, data: Uint8Array.of(1) })).toBe(ASKED);
  expect(await estimateNext(deps, { ...transfer, value: 10n ** 18n })).toBe(ASKED);
  expect(await estimateNext(deps, transfer, [{ address: CONTRACT, code: Uint8Array.of(0) }])).toBe(ASKED);
  const forgotten = { ...deps, pool: { ...deps.pool, accounts: async () => [rich, undefined] } };
  expect(await estimateNext(forgotten, transfer)).toBe(ASKED);
});

it("asks where another transaction comes first", async () => {
  const deps = start();
  await deps.pool.addAll([signedTx(0, { nonce: 0n, to: `0x${"ab".repeat(20)}`, value: 1n })], "local");
  expect(await estimateNext(deps, transfer)).toBe(ASKED);
});
