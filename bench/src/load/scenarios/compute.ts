import { creationCode, encoder } from "./contract.ts";
import type { Scenario } from "./scenario.ts";

const ROUNDS = 1_000;
const GAS = 700_000;
const compute = encoder("compute(uint256,uint256)");

export const compute1000: Scenario = {
  name: "compute",
  about: `${ROUNDS} rounds of hashing and arithmetic in each transaction`,
  gas: GAS,
  value: 0n,
  async prepare({ deploy }) {
    const work = await deploy(creationCode("Work"));
    return (i) => ({ to: work, value: 0n, data: compute(ROUNDS, i), gas: GAS });
  },
};
