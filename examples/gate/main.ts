// Compiles GatedToken.sol, deploys it, and sends transfers with memos: npm start -- [RPC URL]
import { readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import solc from "solc";
import {
  type Abi,
  BaseError,
  ContractFunctionRevertedError,
  createPublicClient,
  createWalletClient,
  type Hex,
  hexToBytes,
  http,
} from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { foundry } from "viem/chains";
import { spam } from "./bound/Spam.ts";
import { inputOf, noema } from "./bound/viem.mjs";

const read = (path: string) => readFileSync(join(import.meta.dirname, path), "utf8");

function compile(path: string): { abi: Abi; bytecode: Hex } {
  const settings = { optimizer: { enabled: true }, outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } } };
  const input = { language: "Solidity", sources: { [path]: { content: read(path) } }, settings };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: (file: string) => ({ contents: read(normalize(file)) }) }));
  if (output.errors) throw new Error(output.errors.map((x: { formattedMessage: string }) => x.formattedMessage).join("\n"));
  const { abi, evm } = output.contracts[path][path.replace(".sol", "")];
  return { abi, bytecode: `0x${evm.bytecode.object}` };
}

const transport = http(process.argv[2] ?? "http://127.0.0.1:8545");
const account = mnemonicToAccount("test test test test test test test test test test test junk"); // the devnet's: public
const chain = { ...foundry, id: await createPublicClient({ transport }).getChainId() };
const node = createPublicClient({ chain, transport }).extend(noema);
const wallet = createWalletClient({ account, chain, transport });

const { status, macs } = await node.modelInfo(spam);
console.log(`the model is ${status}, ${macs} multiply-accumulates a memo`);
const { abi, bytecode } = compile("GatedToken.sol");
const { contractAddress } = await node.waitForTransactionReceipt({
  hash: await wallet.deployContract({ abi, bytecode, args: [10n ** 24n] }),
});
const token = { address: contractAddress!, abi };
const to = "0x00000000000000000000000000000000000000ee";

const memos = [
  "Rent for March, and thank you for fixing the window. See you on Sunday at the meeting about the code review.",
  "CONGRATULATIONS! You have been selected! Click here to claim your FREE $1000 gift, 100% guaranteed, no obligation. Act now!!!",
];
for (const memo of memos) {
  // What the gate will say, asked before anything is sent: the contract counts the words, the client asks the model.
  const words = (await node.readContract({ ...token, functionName: "words", args: [memo] })) as Hex;
  const { label, values } = await node.infer(spam, inputOf(spam, new Int8Array(hexToBytes(words))));
  console.log(`${label} (${values.join(" and ")}): ${memo.slice(0, 40)}...`);
  try {
    const hash = await wallet.writeContract({ ...token, functionName: "transferWithMemo", args: [to, 1n, memo] });
    const { gasUsed, status } = await node.waitForTransactionReceipt({ hash });
    console.log(`  transfer: ${status}, ${gasUsed} gas`);
  } catch (error) {
    const reverted = error instanceof BaseError && error.walk((x) => x instanceof ContractFunctionRevertedError);
    if (!(reverted instanceof ContractFunctionRevertedError)) throw error;
    console.log(`  refused: ${reverted.data?.errorName}`);
  }
}
console.log("balance of the receiver:", await node.readContract({ ...token, functionName: "balanceOf", args: [to] }));
