import { creationCode, encoder } from "./contract.ts";
import type { Scenario } from "./scenario.ts";

const SLOTS = 8;
const GAS = 260_000;
const write = encoder("write(uint256,uint256)");

export const storage: Scenario = {
  name: "storage",
  about: `${SLOTS} new storage slots of one contract in each transaction`,
  gas: GAS,
  value: 0n,
  async prepare({ deploy }) {
    const work = await deploy(creationCode("Work"));
    return (i) => ({ to: work, value: 0n, data: write(1 + i * SLOTS, SLOTS), gas: GAS });
  },
};
