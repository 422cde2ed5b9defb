import { creationCode, encoder } from "./contract.ts";
import type { Scenario } from "./scenario.ts";

const ROUNDS = 250;
const GAS = 200_000;
const compute = encoder("compute(uint256,uint256)");

export const computing: Scenario = {
  name: "compute",
  about: `${ROUNDS} rounds of hashing and arithmetic in each transaction`,
  gas: GAS,
  value: 0n,
  async prepare({ deploy }) {
    const work = await deploy(creationCode("Work"));
    return (i) => ({ to: work, value: 0n, data: compute(ROUNDS, i), gas: GAS });
  },
};
