/** What cases of network-helpers are made of. */
import type { Ask, Helpers } from "./helpers.ts";

/** `from`: an account that the node holds, and nobody else uses meanwhile. `needsOne`: what several validators refuse. */
export type Case = { name: string; needsOne?: true; run(helpers: Helpers, ask: Ask, from: string): Promise<void> };

export const ETHER = 10n ** 18n;
export const NOBODY = `0x${"dd".repeat(20)}`;
export const hex = (value: number | bigint) => `0x${value.toString(16)}`;
let fresh = 0xc0ffee00;
export const freshAddress = () => `0x${(fresh++).toString(16).padStart(40, "0")}`;

export function same(found: unknown, wanted: unknown): void {
  const text = (value: unknown) => JSON.stringify(value, (_, x) => (typeof x === "bigint" ? `${x}n` : x));
  if (text(found) !== text(wanted)) throw new Error(`${text(found)}, not ${text(wanted)}`);
}

export async function refused(run: () => Promise<unknown>): Promise<void> {
  const answered = await run().then(
    () => true,
    () => false,
  );
  same(answered, false);
}

export const newest = (ask: Ask) => ask("eth_getBlockByNumber", "latest", false);

export async function send(ask: Ask, transaction: object) {
  const hash = await ask("eth_sendTransaction", transaction);
  const receipt = await ask("eth_getTransactionReceipt", hash);
  if (receipt === null) throw new Error("no receipt right after the send");
  return receipt;
}

export const pay = (ask: Ask, from: string) => send(ask, { from, to: NOBODY, value: "0x1" });

/** A slot that each call with data adds one to, and a call without returns. */
export const COUNTER = "0x36600c575f545f5260205ff35b60015f54015f5500";
export async function deployCounter(ask: Ask, from: string): Promise<string> {
  const length = COUNTER.length / 2 - 1;
  const init = `0x60${length.toString(16)}80600a5f395ff3`; // padded to the offset below
  const data = `${init}${"00".repeat(10 - (init.length / 2 - 1))}${COUNTER.slice(2)}`;
  return (await send(ask, { from, data })).contractAddress;
}
export const count = async (ask: Ask, counter: string) => Number(await ask("eth_call", { to: counter }, "latest"));
