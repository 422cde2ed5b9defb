/** DigitReader.sol without an ABI coder. */
import { bytecode, classifiedTopic, classifySelector } from "virtual:digit-reader";
import { ensureDigitReader } from "@noema/precompiles/digit-reader";
import { RpcFailure, rpc } from "./rpc.ts";
import type { Hex, Model, Receipt } from "./types.ts";
import { waitFor } from "./wait.ts";

export type Answer = { digit: number; scores: number[] };

const word = (n: number) => n.toString(16).padStart(64, "0");

/** classify(bytes). */
export function classifyCall(pixels: Uint8Array): Hex {
  const bytes = [...pixels].map((b) => b.toString(16).padStart(2, "0")).join("");
  return `${classifySelector}${word(32)}${word(pixels.length)}${bytes.padEnd(Math.ceil(pixels.length / 32) * 64, "0")}`;
}

/** Classified(address indexed, uint256 indexed, uint8 digit, int8[10] scores). */
export function readAnswer(receipt: Receipt): Answer {
  const log = receipt.logs.find((x) => x.topics[0] === classifiedTopic);
  if (log === undefined) throw new RpcFailure("the transaction reverted: the contract gave no answer");
  const words = Array.from({ length: 11 }, (_, i) => Number(BigInt.asIntN(8, BigInt(`0x${log.data.slice(2 + 64 * i, 66 + 64 * i)}`))));
  return { digit: words[0] as number, scores: words.slice(1) };
}

/** The contract's address; `onDeploy` is called when it has to be deployed first. */
export function findContract(model: Model, from: Hex, onDeploy: () => void, signal: AbortSignal): Promise<Hex> {
  const send = async (transaction: { to: Hex; data: Hex }) => {
    onDeploy();
    const hash = await rpc<Hex>("eth_sendTransaction", { from, ...transaction });
    return waitFor(() => rpc<Receipt | null>("eth_getTransactionReceipt", hash), signal);
  };
  return ensureDigitReader({ ask: rpc, bytecode, send }, model.id);
}
