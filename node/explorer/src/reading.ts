/** One drawing's way: signed, accepted, in `latest`, finalized, certified. */
import { type Answer, classifyCall, ensureContract, readAnswer } from "./contract.ts";
import { rpc } from "./rpc.ts";
import type { Block, Finality, Hex, Model, NodeInfo, Receipt } from "./types.ts";
import { waitFor } from "./wait.ts";

export type Step = "signed" | "accepted" | "included" | "final";
export type Session = { info: NodeInfo; model: Model; account: Hex };
export type Certified = { finality: Finality; own: Block };
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
  events.onCertified(await certified(receipt.blockNumber));
}

/** The certificate, and this node's own block of the height whose result it carries. */
async function certified(height: Hex): Promise<Certified> {
  const finality = await waitFor(() => rpc<Finality | null>("noema_finality", height), CERTIFICATE_LIMIT_MS);
  const own = await waitFor(() => rpc<Block | null>("eth_getBlockByNumber", finality.header.exec.height, false), CERTIFICATE_LIMIT_MS);
  return { finality, own };
}
