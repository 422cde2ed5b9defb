/** What tools expect to stand on every chain: the CREATE2 deployers and Multicall3, used as viem and Foundry use them. */
import {
  type Chain,
  concat,
  createPublicClient,
  defineChain,
  erc20Abi,
  getContractAddress,
  type Hex,
  http,
  multicall3Abi,
  pad,
} from "viem";
import { beforeAll, describe, expect, it } from "vitest";
import { readGenesisContracts } from "../../devnet/src/genesis-contracts.ts";
import { counter } from "../harness/artifacts.ts";
import type { RunningDevnet } from "../harness/devnet.ts";
import { type Clients, createClients } from "../harness/viem-clients.ts";

const contracts = readGenesisContracts();
const addressOf = (name: string) => contracts.find((x) => x.name === name)?.address as Hex;

export function genesisContracts(net: () => RunningDevnet): void {
  describe("contracts of genesis", () => {
    let c: Clients;
    beforeAll(() => {
      c = createClients(net(), 7);
    });

    it("stand there, as contracts do: with nonce 1", async () => {
      for (const { address, code } of contracts) {
        expect(await c.publicClient.getCode({ address })).toBe(code);
        expect(await c.publicClient.getTransactionCount({ address })).toBe(1);
      }
    });

    it.each(["CREATE2 deployer", "Safe singleton factory"])("%s deploys where CREATE2 says, on every chain", async (name) => {
      const [from, salt, bytecode] = [addressOf(name), pad("0x2a"), counter.bytecode];
      const address = getContractAddress({ opcode: "CREATE2", from, salt, bytecode });
      const data = concat([salt, bytecode]);
      expect((await c.publicClient.call({ to: from, data })).data).toBe(address.toLowerCase()); // 20 bytes, not a word
      const hash = await c.wallet.sendTransaction({ to: from, data } as never);
      expect((await c.publicClient.waitForTransactionReceipt({ hash })).status).toBe("success");
      expect(await c.publicClient.getCode({ address })).toBe(counter.deployedBytecode);
      await expect(c.publicClient.call({ to: from, data })).rejects.toThrow("revert"); // it is there already
    });

    it("Multicall3 answers viem's multicall, a failing call among the others", async () => {
      const address = addressOf("Multicall3");
      const chain = defineChain({ ...(c.wallet.chain as Chain), contracts: { multicall3: { address } } });
      const client = createPublicClient({ chain, transport: http(net().rpcUrl, { retryCount: 0 }) });
      const asked = net().accounts.slice(0, 3);
      const balances = asked.map((x) => ({ address, abi: multicall3Abi, functionName: "getEthBalance", args: [x.address] }) as const);
      const noContract = { address: asked[0]?.address as Hex, abi: erc20Abi, functionName: "symbol" } as const;
      const blockNumber = await client.getBlockNumber();
      const answers = await client.multicall({ contracts: [...balances, noContract], blockNumber });
      for (const [i, account] of asked.entries())
        expect(answers[i]).toEqual({ status: "success", result: await client.getBalance({ address: account.address, blockNumber }) });
      expect(answers[3]).toMatchObject({ status: "failure" });
    });
  });
}
