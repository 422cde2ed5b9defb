import { pick } from "./random.ts";
import type { Call, Scenario, Setup } from "./scenario.ts";

export const TRANSFER_GAS = 21_000;
const NO_DATA = new Uint8Array(0);

export const transfers = {
  name: "transfers",
  about: "1 wei from each sender to another of the senders",
  gas: TRANSFER_GAS,
  value: 1n,
  async prepare({ seed, senders }: Pick<Setup, "seed" | "senders">): Promise<Call> {
    return (i) => ({ to: senders[pick(seed, i, senders.length)]!.address, value: 1n, data: NO_DATA, gas: TRANSFER_GAS });
  },
} satisfies Scenario;
