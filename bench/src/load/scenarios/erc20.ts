import { creationCode, encoder } from "./contract.ts";
import { pick } from "./random.ts";
import type { Scenario, Setup } from "./scenario.ts";

const GAS = 60_000;
const transfer = encoder("transfer(address,uint256)");

/** A token of which each sender has enough for all it will ever send. */
export async function deployToken({ deploy, send, senders }: Pick<Setup, "deploy" | "send" | "senders">): Promise<Uint8Array> {
  const token = await deploy(creationCode("Token"));
  await send(senders.map(({ address }) => ({ to: token, data: transfer(address, 10n ** 24n), gas: GAS })));
  return token;
}

export const erc20: Scenario = {
  name: "erc20",
  about: "a unit of an ERC-20 token from each sender to another of the senders",
  gas: GAS,
  value: 0n,
  async prepare(setup) {
    const { seed, senders } = setup;
    const token = await deployToken(setup);
    return (i) => ({ to: token, value: 0n, data: transfer(senders[pick(seed, i, senders.length)]!.address, 1n), gas: GAS });
  },
};
