import { createPublicClient, createWalletClient, http } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { foundry } from "viem/chains";
import { compile } from "./compile.js";

/** Clients of a devnet: one that asks, one that sends from the devnet's first account, whose key everybody knows. */
export async function connect(url = "http://127.0.0.1:8545") {
  const transport = http(url);
  const account = mnemonicToAccount("test test test test test test test test test test test junk");
  const chain = { ...foundry, id: await createPublicClient({ transport }).getChainId() };
  return { node: createPublicClient({ chain, transport }), wallet: createWalletClient({ account, chain, transport }) };
}

/** MyReader for the chain's first model: its address and abi, and the model. */
export async function deploy({ node, wallet }) {
  const [model] = await node.request({ method: "noema_models" });
  const { abi, bytecode } = compile("MyReader");
  const hash = await wallet.deployContract({ abi, bytecode, args: [model.id] });
  const { contractAddress: address } = await node.waitForTransactionReceipt({ hash });
  return { address, abi, model };
}
