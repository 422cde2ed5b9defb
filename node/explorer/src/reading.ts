/** One drawing's way: signed, accepted, in `latest`, finalized, certified. */
import { type Answer, classifyCall, ensureContract, readAnswer } from "./contract.ts";
import { rpc } from "./rpc.ts";
import type { Block, Finality, Hex, Model, NodeInfo, Receipt } from "./types.ts";
import { waitFor } from "./wait.ts";

export type Step = "signed" | "accepted" | "included" | "final";
export type Session = { info: NodeInfo; model: Model; account: Hex; validators: number };
export type Certified = { finality: Finality; own: Block; alone: boolean };
export type ReadingEvents = {
  onDeploy(): void;
  /** Milliseconds since the drawing was submitted. */
  onStep(step: Step, ms: number): void;
  onAnswer(answer: Answer, receipt: Receipt, contract: Hex): void;
  onCertified(certified: Certified): void;
};

const CERTIFICATE_LIMIT_MS = 30_000;

export async function readDrawing(session: Session, pixels: Uint8Array, events: ReadingEvents): Promise<void> {
  const contract = await ensureContract(session.info, session.model, session.account, events.onDeploy);
  const started = performance.now();
  const step = (name: Step) => events.onStep(name, performance.now() - started);
  const request = { from: session.account, to: contract, data: classifyCall(pixels) };
  step("signed");
  const hash = await rpc<Hex>("eth_sendTransaction", request);
  step("accepted");
  const receipt = await waitFor(() => rpc<Receipt | null>("eth_getTransactionReceipt", hash));
  step("included");
  events.onAnswer(readAnswer(receipt), receipt, contract);
  await waitFor(async () => Number((await rpc<Block>("eth_getBlockByNumber", "finalized", false)).number) >= Number(receipt.blockNumber));
  step("final");
  events.onCertified(await certified(session, receipt.blockNumber));
}

/**
 * The certificate, and this node's own block of the height whose result it carries. A single validator makes no block until the
 * next transaction, so nothing carries the last result yet: its certificate is that of the block itself.
 */
async function certified({ validators }: Session, height: Hex): Promise<Certified> {
  const alone = validators === 1;
  const method = alone ? "noema_getCertificate" : "noema_finality";
  const finality = await waitFor(() => rpc<Finality | null>(method, height), CERTIFICATE_LIMIT_MS);
  const executed = alone ? height : finality.header.exec.height;
  const own = await waitFor(() => rpc<Block | null>("eth_getBlockByNumber", executed, false), CERTIFICATE_LIMIT_MS);
  return { finality, own, alone };
}
