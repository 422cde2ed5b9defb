/** What the two Uniswap scenarios share: ethers 6 with its own gas, a wait after each step, and time between steps. */
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type BaseContract,
  Contract,
  ContractFactory,
  type ContractTransactionResponse,
  type InterfaceAbi,
  JsonRpcProvider,
  JsonRpcSigner,
  Wallet,
} from "ethers";
import { address, privateKey } from "../accounts.ts";
import { mined, type RunningNode } from "../nodes.ts";
import type { Steps } from "../steps.ts";

const require = createRequire(import.meta.url);

export type Artifact = { abi: InterfaceAbi; bytecode: string };

/** A prebuilt artifact out of Uniswap's npm packages, which two compilers wrote. */
export function artifact(path: string): Artifact {
  const { abi, bytecode, evm } = require(path);
  return { abi, bytecode: bytecode ?? evm.bytecode.object };
}

export type Trader = {
  wallet: Wallet | JsonRpcSigner;
  deploy(name: string, what: Artifact, ...args: unknown[]): Promise<Contract>;
  /** Calls a function that sends, and waits. */
  send(name: string, contract: Contract, method: string, ...args: unknown[]): Promise<void>;
};

export const DEADLINE = 2n ** 40n; // a timestamp that never comes

/** `pauseMs` between steps: gas must also be right when the chain's clock has moved on. */
export function openTrader(node: RunningNode, steps: Steps, account: number, pauseMs: number): Trader & { close(): void } {
  const provider = new JsonRpcProvider(node.url);
  // Without a pause the node signs: a Wallet would ask for its nonce, and ethers keeps the answer for 250 ms.
  const wallet = pauseMs > 0 ? new Wallet(privateKey(account), provider) : new JsonRpcSigner(provider, address(account));
  const settle = async (name: string, send: () => Promise<ContractTransactionResponse | null | undefined>) => {
    let hash: string | undefined;
    await steps.step(name, async () => {
      const sent = await send();
      hash = sent?.hash;
      await sent?.wait();
    });
    if (hash !== undefined) await mined(node.url, hash); // a wait that hangs is one failed step, not the end
    if (pauseMs > 0) await sleep(pauseMs);
  };
  return {
    wallet,
    async deploy(name, { abi, bytecode }, ...args) {
      let contract: BaseContract | undefined;
      await settle(`deploy ${name}`, async () => {
        contract = await new ContractFactory(abi, bytecode, wallet).deploy(...args);
        return contract.deploymentTransaction();
      });
      if (contract === undefined) throw new Error(`${name} could not be deployed`);
      return new Contract(await contract.getAddress(), abi, wallet);
    },
    send: (name, contract, method, ...args) => settle(name, () => contract.getFunction(method)(...args)),
    close: () => provider.destroy(),
  };
}
