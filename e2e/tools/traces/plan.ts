/** The transactions that every node traces: deployments, then calls of what was deployed, the same on each. */
import { type Address, encodeDeployData, encodeFunctionData, getContractAddress, type Hex, numberToHex } from "viem";
import { counter as counterArtifact, token as tokenArtifact, workshop as workshopArtifact } from "../../harness/artifacts.ts";
import { createSeededRandom } from "../../harness/random.ts";
import { initCode } from "./assembler.ts";
import { ENDS, pick, program, type Random } from "./programs.ts";

/** As eth_sendTransaction takes it. */
export type PlannedTransaction = { from: Address; to?: Address; data?: Hex; value?: Hex; gas: Hex; gasPrice: Hex; nonce: Hex };

/** Above every base fee of a chain's first blocks: what is paid is the same on each node. */
const GAS_PRICE = numberToHex(3_000_000_000);
const GAS = 400_000n;
const PROGRAMS = 40;

export function planTransactions(count: number, seed: number, from: Address, to: Address): PlannedTransaction[] {
  const random = createSeededRandom("traces", seed);
  const plan: PlannedTransaction[] = [];
  const send = (tx: { to?: Address; data?: Hex; value?: bigint; gas?: bigint }): Address => {
    const nonce = plan.length;
    const { value = 0n, gas = GAS, ...rest } = tx;
    plan.push({ from, ...rest, value: numberToHex(value), gas: numberToHex(gas), gasPrice: GAS_PRICE, nonce: numberToHex(nonce) });
    return getContractAddress({ from, nonce: BigInt(nonce) });
  };
  const token = deployToken(send);
  const counter = send({ data: counterArtifact.bytecode, gas: 1_500_000n });
  const workshop = send({ data: encodeDeployData({ ...workshopArtifact, args: [0n] }), gas: 2_500_000n });
  const programs: Address[] = [];
  for (const [i, end] of endless(random, PROGRAMS).entries()) {
    const runtime = program(random, programs, end);
    programs.push(send({ data: initCode(runtime), value: i % 3 === 0 ? 0n : 20n, gas: 1_500_000n }));
  }
  send({ data: initCode("0xef00"), gas: 100_000n });
  send({ data: "0x60006000fd", gas: 100_000n });
  while (plan.length < count)
    send(
      pick(random, [
        () => callToken(random, token, to),
        () => callCounter(random, counter),
        () => callWorkshop(random, workshop),
        ...callers(random, programs, to),
      ])(),
    );
  return plan;
}

/** Each end once, then any. */
function endless(random: Random, count: number): Hex[] {
  const ends = Object.values(ENDS);
  return Array.from({ length: count }, (_, i) => ends[i] ?? pick(random, ends));
}

function callers(random: Random, programs: readonly Address[], to: Address) {
  const call = () => ({
    to: pick(random, programs),
    value: BigInt(random.below(3)),
    data: pick(random, ["0x", "0x12345678", "0x1234567800"] as const),
  });
  const transfer = () => ({ to, value: 5n, gas: 21_000n });
  return [call, call, call, call, call, call, transfer];
}

type Send = (tx: { data: Hex; gas: bigint }) => Address;

function deployToken(send: Send): Address {
  const { abi, bytecode } = tokenArtifact;
  return send({ data: encodeDeployData({ abi, bytecode, args: ["Token", "TKN", 1_000_000n] }), gas: 2_000_000n });
}

function callToken(random: Random, token: Address, to: Address) {
  const { abi } = tokenArtifact;
  const [functionName, args] = pick<[string, unknown[]]>(random, [
    ["transfer", [to, 5n]],
    ["transfer", [to, 10n ** 30n]],
    ["approve", [to, 9n]],
    ["transferFrom", [to, token, 1n]],
  ]);
  return { to: token, data: encodeFunctionData({ abi, functionName, args }) };
}

function callCounter(random: Random, counter: Address) {
  const { abi } = counterArtifact;
  const [functionName, args] = pick<[string, unknown[]]>(random, [
    ["increment", []],
    ["set", [7n]],
    ["set", [2000n]],
    ["failWithReason", []],
    ["failWithPanic", [0n]],
    ["tryToSet", [5000n]],
    ["tryToSet", [8n]],
  ]);
  return { to: counter, data: encodeFunctionData({ abi, functionName, args }) };
}

function callWorkshop(random: Random, workshop: Address) {
  const { abi } = workshopArtifact;
  const [functionName, args] = pick<[string, unknown[]]>(random, [
    ["push", [3n]],
    ["descend", [6n, false]],
    ["descend", [5n, true]],
    ["make", [initCode("0x00"), numberToHex(random.below(1000), { size: 32 })]],
    ["make", ["0xfe", numberToHex(1, { size: 32 })]],
    ["poke", [workshop, "0x"]],
  ]);
  return { to: workshop, data: encodeFunctionData({ abi, functionName, args }) };
}
