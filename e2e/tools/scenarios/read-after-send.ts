/** A script that does not wait: what it sent must be there when the send has returned, as on a node that mines at once. */
import { type Contract, ContractFactory, JsonRpcProvider, NonceManager, type Signer, Wallet } from "ethers";
import { counter } from "../../harness/artifacts.ts";
import { address, privateKey } from "../accounts.ts";
import { mined, rpc } from "../nodes.ts";
import { everyStep, type Scenario } from "../scenario.ts";
import { expect } from "../steps.ts";

const TIMES = 20;

/** Only where the send is answered with the block, which four voting validators may miss by their second. */
const onOneValidator: Scenario["judge"] = (result, node) => (node === "noema-1" ? everyStep(result) : []);

function deployThenCall(name: string, signer: (provider: JsonRpcProvider) => Promise<Signer>): Scenario {
  return {
    name: `read at once: ${name}`,
    async run(node, steps) {
      const provider = new JsonRpcProvider(node.url);
      const factory = new ContractFactory(counter.abi as never, counter.bytecode, await signer(provider));
      for (let i = 0; i < TIMES; i++) {
        const box = (await factory.deploy()) as Contract;
        await steps.step("deploy, getCode", async () => {
          const code = await provider.getCode(box);
          expect(code === counter.deployedBytecode, () => `${code.length / 2 - 1} bytes of code`);
        });
        await mined(node.url, box.deploymentTransaction()?.hash as string);
        await steps.step("set(77), value()", async () => {
          await box.getFunction("set")(77n + BigInt(i));
          const value = await box.getFunction("value")();
          expect(value === 77n + BigInt(i), () => "the old value");
        });
      }
      provider.destroy();
    },
    judge: onOneValidator,
  };
}

const receiptAfterSend: Scenario = {
  name: "read at once: eth_sendRawTransaction, eth_getTransactionReceipt",
  async run(node, steps) {
    const wallet = new Wallet(privateKey(3));
    const count = Number(await rpc(node.url, "eth_getTransactionCount", wallet.address, "pending"));
    for (let nonce = count; nonce < count + TIMES; nonce++) {
      const fees = { gasLimit: 21_000n, maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 1n };
      const raw = await wallet.signTransaction({ to: address(9), value: 1n, chainId: 31337n, type: 2, nonce, ...fees });
      await steps.step("receipt", async () => {
        const hash = await rpc<string>(node.url, "eth_sendRawTransaction", raw);
        expect((await rpc(node.url, "eth_getTransactionReceipt", hash)) !== null, () => "null");
      });
    }
  },
  judge: onOneValidator,
};

export const readAfterSendScenarios = [
  deployThenCall("ethers Wallet", async (provider) => new NonceManager(new Wallet(privateKey(1), provider))),
  deployThenCall("ethers JsonRpcSigner", (provider) => provider.getSigner(2)),
  receiptAfterSend,
];
