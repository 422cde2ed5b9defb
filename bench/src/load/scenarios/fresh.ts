import { strangerOf } from "../sign/keys.ts";
import type { Scenario } from "./scenario.ts";
import { TRANSFER_GAS } from "./transfers.ts";

const NO_DATA = new Uint8Array(0);

export const fresh: Scenario = {
  name: "fresh",
  about: "1 wei from each sender to an address that the chain has never seen, another each time",
  gas: TRANSFER_GAS,
  value: 1n,
  async prepare({ seed }) {
    return (i) => ({ to: strangerOf(seed, i), value: 1n, data: NO_DATA, gas: TRANSFER_GAS });
  },
};
