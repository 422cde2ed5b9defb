// Deploys MyReader and has it read the picture in seven.txt: npm start -- [RPC URL]
import { readFileSync, writeFileSync } from "node:fs";
import { toHex } from "viem";
import { connect, deploy } from "./chain.js";
import { greysOf, inputOf } from "./picture.js";

const here = (name) => new URL(name, import.meta.url);
const url = process.argv[2] ?? "http://127.0.0.1:8545";
const clients = await connect(url);
const { address, abi, model } = await deploy(clients);
writeFileSync(here("deployed.json"), `${JSON.stringify({ url, address, abi })}\n`); // for the page
console.log(`MyReader at ${address}, model ${model.name}`);

const args = [toHex(inputOf(greysOf(readFileSync(here("seven.txt"), "utf8"))))];
const { node, wallet } = clients;
console.log("read, a call:", await node.readContract({ address, abi, functionName: "read", args }));
const hash = await wallet.writeContract({ address, abi, functionName: "remember", args });
const { gasUsed, blockNumber } = await node.waitForTransactionReceipt({ hash });
console.log(`remembered, a transaction: ${gasUsed} gas in block ${blockNumber}`);
console.log("last:", await node.readContract({ address, abi, functionName: "last" }));
