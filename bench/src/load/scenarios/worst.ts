import { assemble, initCode, loop, repeat } from "../../worst-block/code.ts";
import type { Scenario } from "./scenario.ts";

/** Of EIP-7825, the most that one transaction may have. */
const GAS = 2 ** 24;
const NOTHING = new Uint8Array(0);

export const worst: Scenario = {
  name: "worst",
  about: "MSTORE in a loop for 2^24 gas, what `bench worst-block` found to take longest for its gas",
  gas: GAS,
  value: 0n,
  async prepare({ deploy }) {
    const code = loop([{ body: repeat(assemble("DUP1", 0, "MSTORE"), 8) }], { unroll: 64, keep: true });
    const contract = await deploy(initCode(code));
    return () => ({ to: contract, value: 0n, data: NOTHING, gas: GAS });
  },
};
