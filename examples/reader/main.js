// Compiles MyReader.sol, deploys it and has it read the picture in seven.txt: npm start -- [RPC URL]
import { readFileSync } from "node:fs";
import solc from "solc";
import { createPublicClient, createWalletClient, http, toHex } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { foundry } from "viem/chains";

const root = new URL("../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");

function compile(path, name) {
  const settings = { optimizer: { enabled: true }, outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } } };
  const input = { language: "Solidity", sources: { [path]: { content: read(path) } }, settings };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: (file) => ({ contents: read(file) }) }));
  if (output.errors) throw new Error(output.errors.map((x) => x.formattedMessage).join("\n"));
  const { abi, evm } = output.contracts[path][name];
  return { abi, bytecode: `0x${evm.bytecode.object}` };
}

/** 28 x 28, row by row: a grey value p of 0 (background) to 255 (ink) is the byte p - 128 as int8. */
function picture(path) {
  const grey = { ".": 0, "+": 128, "#": 255 };
  return toHex(Uint8Array.from(read(path).replaceAll("\n", ""), (c) => grey[c] - 128));
}

const transport = http(process.argv[2] ?? "http://127.0.0.1:8545");
const account = mnemonicToAccount("test test test test test test test test test test test junk"); // the devnet's: public
const chain = { ...foundry, id: await createPublicClient({ transport }).getChainId() };
const node = createPublicClient({ chain, transport });
const wallet = createWalletClient({ account, chain, transport });

const [model] = await node.request({ method: "noema_models" });
const { abi, bytecode } = compile("examples/reader/MyReader.sol", "MyReader");
const { contractAddress: address } = await node.waitForTransactionReceipt({
  hash: await wallet.deployContract({ abi, bytecode, args: [model.id] }),
});
console.log(`MyReader at ${address}, model ${model.name}`);

const args = [picture("examples/reader/seven.txt")];
console.log("read, a call:", await node.readContract({ address, abi, functionName: "read", args }));
const hash = await wallet.writeContract({ address, abi, functionName: "remember", args });
const { gasUsed, blockNumber } = await node.waitForTransactionReceipt({ hash });
console.log(`remembered, a transaction: ${gasUsed} gas in block ${blockNumber}`);
console.log("last:", await node.readContract({ address, abi, functionName: "last" }));
