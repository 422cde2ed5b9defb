/** What is said of transfers without running them, against the engine. NOEMA_SEED repeats a run. */
import { blockNumber } from "@noema/core/block-number";
import { fromHex } from "@noema/core/bytes";
import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { expect, it } from "vitest";
import type { CallRequest } from "../../api.ts";
import { forkOf } from "../../rules/forks.ts";
import { EMPTY_CODE_HASH } from "../../state/account.ts";
import { CHAIN_ID, ECHO, echoPrecompiles, startChain, testAddress, testGenesis } from "../../testing/chain.ts";
import { createMachine } from "../reference/machine.ts";
import { isTransfer, type Parties, transferGas } from "./transfer-gas.ts";

const seed = process.env.NOEMA_SEED ?? String(Date.now());
console.log(`NOEMA_SEED=${seed}`);

const STORES = `0x${"d2".repeat(20)}`;
const DELEGATES = `0x${"d3".repeat(20)}`;
const alloc = {
  [STORES]: { code: "0x5f355f5500" },
  [DELEGATES]: { code: `0xef0100${STORES.slice(2)}`, balance: "0xde0b6b3a7640000" },
};
const nobody = fromHex(`0x${"ab".repeat(20)}`);
const places = [testAddress(0), testAddress(1), nobody, fromHex(STORES), fromHex(DELEGATES), ECHO, fromHex(`0x${"00".repeat(19)}02`)];

type Say = typeof transferGas;
/** The first request of which something else is said than the engine says, and of how many something was. */
async function compare(say: Say, requests = 300): Promise<{ difference?: CallRequest; said: number }> {
  const random = createSeededRandom(seed);
  const one = <T>(list: readonly T[]) => list[random.integer(list.length)] as T;
  const { service, next } = await startChain({ alloc });
  const fork = forkOf(testGenesis(0).fork);
  let said = 0;
  for (let i = 0; i < requests; i++) {
    const gasPrice = one([undefined, 0n, 1n, 10n ** 10n, 10n ** 18n]);
    const request: CallRequest = {
      from: one(places.slice(0, 5)),
      to: one(places),
      value: one([undefined, 0n, 1n, 10n ** 17n, 10n ** 30n]),
      gas: one([undefined, undefined, 20_999n, 21_000n, 100_000n]),
      ...(one([true, false]) ? { gasPrice } : { maxFeePerGas: gasPrice, maxPriorityFeePerGas: one([undefined, 0n]) }),
      data: one([undefined, new Uint8Array(0), Uint8Array.of(1)]),
      accessList: one([undefined, undefined, []]),
    };
    if (!isTransfer(request)) continue;
    const [from, to] = await service.accounts(0, [request.from as Uint8Array, request.to]);
    const { baseFeePerGas } = await service.feesAfter(blockNumber(0));
    const gas = say(request, { from, to } as Parties, fork, baseFeePerGas);
    if (gas === undefined) continue;
    said++;
    if ((await service.estimateGas(request, next(0, [], 1)).catch(() => undefined)) !== gas) return { difference: request, said };
  }
  return { said };
}

it("is what the engine's estimate is", async () => {
  const { difference, said } = await compare(transferGas);
  expect(difference).toBeUndefined();
  expect(said).toBeGreaterThan(5);
});

const FAULTS: Record<string, Say> = {
  "sees no code": (request, { from, to }, ...rest) => transferGas(request, { from, to: { ...to, codeHash: EMPTY_CODE_HASH } }, ...rest),
  "sees no balance": (request, { from, to }, ...rest) => transferGas(request, { from: { ...from, balance: 2n ** 200n }, to }, ...rest),
  "knows no base fee": (request, parties, fork) => transferGas(request, parties, fork, 0n),
};

it.each(Object.entries(FAULTS))("negative control: one that %s is found by the same requests", async (_, say) => {
  expect((await compare(say, 10_000)).difference).toBeDefined(); // of 300 a few seeds meet none
});

it("leaves every precompile to the engine, the chain's own too", async () => {
  const { vm } = await createMachine("osaka", CHAIN_ID, echoPrecompiles());
  const addresses = [...vm.evm.precompiles.keys()].map((hex) => fromHex(`0x${hex}`));
  expect(addresses.length).toBeGreaterThan(10);
  expect(addresses.filter((to) => isTransfer({ to }))).toEqual([]);
});
