// wagmi's core with the connector that stands for a wallet, as a page uses it. Prints a line of JSON for each step.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as wagmi from "@wagmi/core";
import { mock } from "@wagmi/core";
import { parseEther } from "viem";
import { foundry as local } from "viem/chains";

const { NODE_URL } = process.env;
const { abi, bytecode } = JSON.parse(readFileSync("token.json", "utf8"));
const token = { abi, bytecode };
const foundry = { ...local, rpcUrls: { default: { http: [NODE_URL] } } }; // where the mocked wallet asks
const ACCOUNTS = ["0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"];
const [holder, receiver] = ACCOUNTS;

const config = wagmi.createConfig({
  chains: [foundry],
  connectors: [mock({ accounts: ACCOUNTS })],
  transports: { [foundry.id]: wagmi.http(NODE_URL) },
});
const overSocket = wagmi.createConfig({ chains: [foundry], transports: { [foundry.id]: wagmi.webSocket(NODE_URL.replace("http", "ws")) } });

/** What the watch sees first while the act is repeated: a subscription may begin after the first of them. */
async function seenWhile(act, watch) {
  let stop;
  const seen = new Promise((resolve, reject) => {
    stop = watch(resolve, reject);
  });
  const isSeen = seen.then(() => true);
  do await act();
  while (!(await Promise.race([isSeen, new Promise((resolve) => setTimeout(resolve, 200, false))])));
  stop();
  return seen;
}

const state = {};
const mined = async (hash) => {
  const receipt = await wagmi.waitForTransactionReceipt(config, { hash });
  assert.equal(receipt.status, "success");
  return receipt;
};
const read = (functionName, args = []) => wagmi.readContract(config, { ...token, address: state.token, functionName, args });
const pay = () => wagmi.sendTransaction(config, { to: receiver, value: parseEther("0.1") });

const steps = {
  connect: async () => {
    const { accounts, chainId } = await wagmi.connect(config, { connector: config.connectors[0] });
    assert.deepEqual([accounts[0], chainId], [holder, foundry.id]);
  },
  "getConnection, getChainId": async () =>
    assert.deepEqual([wagmi.getConnection(config).status, wagmi.getChainId(config)], ["connected", foundry.id]),
  "sendTransaction, waitForTransactionReceipt": async () => {
    const before = await wagmi.getBalance(config, { address: receiver });
    await mined(await pay());
    assert.equal((await wagmi.getBalance(config, { address: receiver })).value - before.value, parseEther("0.1"));
  },
  sendTransactionSync: async () => assert.equal((await wagmi.sendTransactionSync(config, { to: receiver, value: 1n })).status, "success"),
  deployContract: async () => {
    const receipt = await mined(await wagmi.deployContract(config, { ...token, args: ["Token", "T", 1_000n] }));
    state.token = receipt.contractAddress;
  },
  readContract: async () => assert.equal(await read("balanceOf", [holder]), 1_000n),
  "readContracts, by Multicall3": async () => {
    const contract = { ...token, address: state.token };
    const answers = await wagmi.readContracts(config, {
      contracts: [
        { ...contract, functionName: "totalSupply" },
        { ...contract, functionName: "balanceOf", args: [receiver] },
      ],
      multicallAddress: "0xcA11bde05977b3631167028862bE2a173976CA11",
    });
    assert.deepEqual(
      answers.map((x) => x.result),
      [1_000n, 0n],
    );
  },
  "simulateContract, writeContract": async () => {
    const call = { ...token, address: state.token, functionName: "transfer", args: [receiver, 7n] };
    const { request } = await wagmi.simulateContract(config, call);
    await mined(await wagmi.writeContract(config, request));
    assert.equal(await read("balanceOf", [receiver]), 7n);
  },
  "writeContract that reverts": async () => {
    const call = { ...token, address: state.token, functionName: "transfer", args: [receiver, 5_000n] };
    await assert.rejects(wagmi.writeContract(config, call), (error) => /InsufficientBalance/.test(error.message));
  },
  getContractEvents: async () => {
    const events = await wagmi.getContractEvents(config, { ...token, address: state.token, eventName: "Transfer", fromBlock: 0n });
    assert.deepEqual(
      events.map((x) => x.args.value),
      [1_000n, 7n],
    );
  },
  "getTransaction, getTransactionConfirmations": async () => {
    const { transactionHash } = await mined(await pay());
    assert.equal((await wagmi.getTransaction(config, { hash: transactionHash })).from.toLowerCase(), holder.toLowerCase());
    assert.ok((await wagmi.getTransactionConfirmations(config, { hash: transactionHash })) >= 1n);
  },
  "estimateFeesPerGas, getFeeHistory, getProof": async () => {
    assert.ok((await wagmi.estimateFeesPerGas(config)).maxFeePerGas > 0n);
    assert.equal((await wagmi.getFeeHistory(config, { blockCount: 1, rewardPercentiles: [50] })).gasUsedRatio.length, 1);
    assert.equal((await wagmi.getProof(config, { address: state.token, storageKeys: [] })).codeHash.length, 66);
  },
  "signMessage, verifyMessage": async () => {
    const signature = await wagmi.signMessage(config, { message: "noema" });
    assert.equal(await wagmi.verifyMessage(config, { address: holder, message: "noema", signature }), true);
    assert.equal(await wagmi.verifyMessage(config, { address: receiver, message: "noema", signature }), false);
  },
  "signTypedData, verifyTypedData": async () => {
    const typed = { types: { Note: [{ name: "text", type: "string" }] }, primaryType: "Note", message: { text: "noema" } };
    const signature = await wagmi.signTypedData(config, typed);
    assert.equal(await wagmi.verifyTypedData(config, { ...typed, address: holder, signature }), true);
  },
  "sendCalls, waitForCallsStatus": async () => {
    const { id } = await wagmi.sendCalls(config, {
      calls: [
        { to: receiver, value: 1n },
        { to: receiver, value: 2n },
      ],
    });
    const { status, receipts } = await wagmi.waitForCallsStatus(config, { id });
    assert.deepEqual([status, receipts.length], ["success", 2]);
  },
  ...watches("polling", config),
  ...watches("over a socket", overSocket),
  disconnect: async () => {
    await wagmi.disconnect(config);
    assert.equal(wagmi.getConnection(config).status, "disconnected");
  },
};

function watches(how, watched) {
  return {
    [`watchBlockNumber, ${how}`]: async () => {
      const before = await wagmi.getBlockNumber(config, { cacheTime: 0 });
      const seen = await seenWhile(pay, (resolve, onError) =>
        wagmi.watchBlockNumber(watched, { onBlockNumber: (number) => number > before && resolve(number), onError }),
      );
      assert.ok(seen > before);
    },
    [`watchContractEvent, ${how}`]: async () => {
      const transfer = () =>
        wagmi.writeContract(config, { ...token, address: state.token, functionName: "transfer", args: [receiver, 1n] });
      const logs = await seenWhile(transfer, (onLogs, onError) =>
        wagmi.watchContractEvent(watched, { ...token, address: state.token, eventName: "Transfer", onLogs, onError }),
      );
      assert.equal(logs[0].args.value, 1n);
    },
  };
}

for (const [step, run] of Object.entries(steps)) {
  const error = await run().then(
    () => undefined,
    (caught) => String(caught.shortMessage ?? caught.message),
  );
  console.log(JSON.stringify({ step, error }));
}
process.exit();
