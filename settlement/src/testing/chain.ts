/** A chain in memory, an L1 or an L2: the library's EVM and trie under a fork's rules. What a call costs, logs, and why it reverted is told. */
import { readFileSync } from "node:fs";
import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { createEVM } from "@ethereumjs/evm";
import { getMerkleStateProof, MerkleStateManager } from "@ethereumjs/statemanager";
import { createAccount, createAddressFromString, hexToBytes } from "@ethereumjs/util";
import {
  type Abi,
  bytesToHex,
  decodeErrorResult,
  decodeEventLog,
  decodeFunctionResult,
  encodeDeployData,
  encodeFunctionData,
  type Hex,
} from "viem";

type Artifact = { abi: Abi; bytecode: Hex; deployedBytecode: Hex };
/** `from`: who sends it itself, and whose nonce and gas do not matter. `origin`: where another sends the transaction. */
export type Sender = { from?: Hex; origin?: Hex; value?: bigint };
export type Event = { eventName: string; args: Record<string, unknown> };
export type Answer = { value: unknown; gas: number; events: Event[] };
export type Contract = {
  address: Hex;
  abi: Abi;
  send(sender: Sender, name: string, ...args: unknown[]): Promise<Answer>;
  call(name: string, ...args: unknown[]): Promise<Answer>;
};
export type Proof = { accountProof: Hex[]; storageProof: Hex[] };

export const artifact = (name: string): Artifact =>
  JSON.parse(readFileSync(new URL(`../../contracts/artifacts/${name}.json`, import.meta.url), "utf8"));

const GAS = 30_000_000n;
export const ALICE: Hex = `0x${"a1".repeat(20)}`;
export const BOB: Hex = `0x${"b0".repeat(20)}`;

export type Chain = Awaited<ReturnType<typeof createChain>>;

export async function createChain(hardfork: "prague" | "osaka" = "prague") {
  const common = new Common({ chain: Mainnet, hardfork: hardfork === "osaka" ? Hardfork.Osaka : Hardfork.Prague });
  const state = new MerkleStateManager({ common });
  const evm = await createEVM({ common, stateManager: state });
  for (const who of [ALICE, BOB]) await state.putAccount(createAddressFromString(who), createAccount({ balance: 10n ** 24n }));
  let time = 1_800_000_000n;

  async function run(abi: Abi, to: Hex | undefined, data: Hex, { from = ALICE, origin = from, value = 0n }: Sender) {
    const header = { number: 1n, coinbase: createAddressFromString(BOB), difficulty: 0n, prevRandao: new Uint8Array(32) };
    await evm.journal.checkpoint();
    const { execResult, createdAddress } = await evm.runCall({
      caller: createAddressFromString(from),
      origin: createAddressFromString(origin),
      gasLimit: GAS,
      data: hexToBytes(data),
      value,
      block: { header: { ...header, gasLimit: GAS, baseFeePerGas: 1n, timestamp: time } } as never,
      ...(to === undefined ? {} : { to: createAddressFromString(to) }),
    });
    const { exceptionError, returnValue, executionGasUsed, logs = [] } = execResult;
    await (exceptionError === undefined ? evm.journal.commit() : evm.journal.revert());
    await evm.journal.cleanup();
    if (exceptionError !== undefined) throw new Error(reasonOf(abi, returnValue) ?? exceptionError.error);
    return { returnValue, gas: Number(executionGasUsed), logs, createdAddress };
  }

  const contractAt = (abi: Abi, address: Hex): Contract => ({
    address,
    abi,
    async send(sender, functionName, ...args) {
      const { returnValue, gas, logs } = await run(abi, address, encodeFunctionData({ abi, functionName, args }), sender);
      const value = decodeFunctionResult({ abi, functionName, data: bytesToHex(returnValue) });
      const own = logs.filter(([at]) => bytesToHex(at) === address);
      const events = own.map(([, topics, data]) =>
        decodeEventLog({ abi, topics: topics.map((x) => bytesToHex(x)) as [Hex], data: bytesToHex(data) }),
      );
      return { value, gas, events: events as unknown as Event[] };
    },
    call(name, ...args) {
      return this.send({}, name, ...args);
    },
  });

  return {
    setTime: (seconds: bigint) => {
      time = seconds;
    },
    time: () => time,
    contractAt: (name: string, address: Hex) => contractAt(artifact(name).abi, address),
    async deploy(name: string, ...args: unknown[]): Promise<Contract> {
      const { abi, bytecode } = artifact(name);
      const { createdAddress } = await run(abi, undefined, encodeDeployData({ abi, bytecode, args }), {});
      return contractAt(abi, createdAddress?.toString() as Hex);
    },
    /** As genesis does. */
    async place(name: string, address: Hex, slots: Record<number, Hex>): Promise<Contract> {
      const { abi, deployedBytecode } = artifact(name);
      const at = createAddressFromString(address);
      await state.putAccount(at, createAccount({}));
      await state.putCode(at, hexToBytes(deployedBytecode));
      for (const [slot, value] of Object.entries(slots)) await state.putStorage(at, word(BigInt(slot)), hexToBytes(value));
      return contractAt(abi, address);
    },
    setCode: (address: Hex, code: Hex) => state.putCode(createAddressFromString(address), hexToBytes(code)),
    async balanceOf(address: Hex): Promise<bigint> {
      return (await state.getAccount(createAddressFromString(address)))?.balance ?? 0n;
    },
    async stateRoot(): Promise<Uint8Array> {
      await state.flush();
      return state.getStateRoot();
    },
    /** Against the state as it is. */
    async proofOf(address: Hex, slot: Hex): Promise<Proof> {
      await state.flush();
      const { accountProof, storageProof } = await getMerkleStateProof(state, createAddressFromString(address), [hexToBytes(slot)]);
      return { accountProof: accountProof as Hex[], storageProof: (storageProof[0]?.proof ?? []) as Hex[] };
    },
  };
}

function word(value: bigint): Uint8Array {
  return hexToBytes(`0x${value.toString(16).padStart(64, "0")}`);
}

function reasonOf(abi: Abi, data: Uint8Array): string | undefined {
  if (data.length < 4) return undefined;
  try {
    const { errorName, args } = decodeErrorResult({ abi, data: bytesToHex(data) });
    return `${errorName}(${(args ?? []).join(", ")})`;
  } catch {
    return bytesToHex(data);
  }
}
