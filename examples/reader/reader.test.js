// Against a devnet: npm test, or RPC_URL=http://127.0.0.1:9000 npm test
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { parseEventLogs, toHex } from "viem";
import { connect, deploy } from "./chain.js";
import { greysOf, inputOf } from "./picture.js";

const seven = toHex(inputOf(greysOf(readFileSync(new URL("seven.txt", import.meta.url), "utf8"))));
let clients;
let reader;
before(async () => {
  clients = await connect(process.env.RPC_URL);
  reader = await deploy(clients);
});

test("reads a seven", async () => {
  assert.equal(await clients.node.readContract({ ...reader, functionName: "read", args: [seven] }), 7);
});

test("remembers what it has read, and says by whom", async () => {
  const { node, wallet } = clients;
  const hash = await wallet.writeContract({ ...reader, functionName: "remember", args: [seven] });
  const [{ args }] = parseEventLogs({ abi: reader.abi, logs: (await node.waitForTransactionReceipt({ hash })).logs });
  assert.deepEqual(args, { by: wallet.account.address, digit: 7 });
  assert.equal(await node.readContract({ ...reader, functionName: "last" }), 7);
});

test("refuses what is no picture", async () => {
  await assert.rejects(clients.node.readContract({ ...reader, functionName: "read", args: ["0x00"] }), /InferenceFailed/);
});
