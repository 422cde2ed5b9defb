/** One drawing's way: accepted, in `latest`, finalized, certified. */
import { type Answer, classifyCall, findContract, readAnswer } from "./contract.ts";
import { rpc } from "./rpc.ts";
import type { Block, Finality, Hex, Model, NodeInfo, Receipt, Validator } from "./types.ts";
import { waitFor } from "./wait.ts";

export type Step = "accepted" | "included" | "final";
export type Session = { info: NodeInfo; model: Model; account: Hex; validators: Validator[] };
export type Certified = { finality: Finality; own: Block; alone: boolean };
export type ReadingEvents = {
  onDeploy(): void;
  /** The drawing is on its way: times count from now. */
  onStart(): void;
  /** Milliseconds since then. */
  onStep(step: Step, ms: number): void;
  onAnswer(answer: Answer, receipt: Receipt, contract: Hex): void;
  onCertified(certified: Certified): void;
};

/**
 * Above the inference: calldata, DigitReader's storage and event, twice what they take. Not estimated: what storage costs depends
 * on what other readings of the account stand in the same block.
 */
const CONTRACT_GAS = 400_000;

export async function readDrawing(session: Session, pixels: Uint8Array, events: ReadingEvents, signal: AbortSignal): Promise<void> {
  const contract = await findContract(session.model, session.account, events.onDeploy, signal);
  signal.throwIfAborted();
  events.onStart();
  const started = performance.now();
  const step = (name: Step) => events.onStep(name, performance.now() - started);
  const gas = `0x${(Number(session.model.gas) + CONTRACT_GAS).toString(16)}`;
  const hash = await rpc<Hex>("eth_sendTransaction", { from: session.account, to: contract, data: classifyCall(pixels), gas });
  signal.throwIfAborted();
  step("accepted");
  const receipt = await waitFor(() => rpc<Receipt | null>("eth_getTransactionReceipt", hash), signal);
  step("included");
  events.onAnswer(readAnswer(receipt), receipt, contract);
  await waitFor(
    async () => Number((await rpc<Block>("eth_getBlockByNumber", "finalized", false)).number) >= Number(receipt.blockNumber),
    signal,
  );
  step("final");
  events.onCertified(await certified(session, receipt.blockNumber, signal));
}

/**
 * The certificate, and this node's own block that its result names. A single validator makes no block until the
 * next transaction, so nothing carries the last result yet: its certificate is that of the block itself.
 */
async function certified({ validators }: Session, height: Hex, signal: AbortSignal): Promise<Certified> {
  const alone = validators.length === 1;
  const method = alone ? "noema_getCertificate" : "noema_finality";
  const finality = await waitFor(() => rpc<Finality | null>(method, height), signal);
  const executed = alone ? height : finality.header.exec.number;
  const own = await waitFor(() => rpc<Block | null>("eth_getBlockByNumber", executed, false), signal);
  return { finality, own, alone };
}
