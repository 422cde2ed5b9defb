import { modelInput, normaliseDrawing, SIDE } from "./digit-image.ts";
import { byId, number } from "./dom.ts";
import { exampleStrokes } from "./examples.ts";
import { createPad } from "./pad.ts";
import { readDrawing, type Session } from "./reading.ts";
import { RpcFailure, rpc, watchHeads } from "./rpc.ts";
import type { Hex, Model, NodeInfo } from "./types.ts";
import { showAnswer, showBusy, showFailure, showIdle, showStep } from "./view-answer.ts";
import { refreshAges, refreshChain } from "./view-chain.ts";
import { clearVotes, showVotes } from "./view-votes.ts";

const AGE_MS = 5000;
let session: Session | undefined;
let picture: Float32Array | undefined;
let busy = false;
let examples = Math.floor(Math.random() * 10);

const pad = createPad(byId<HTMLCanvasElement>("pad"), schedulePreview);

function notice(text: string | undefined): void {
  byId("notice").hidden = text === undefined;
  byId("notice").textContent = text ?? "";
}

function updateButtons(): void {
  byId<HTMLButtonElement>("submit").disabled = busy || picture === undefined || session === undefined;
}

let scheduled = false;
function schedulePreview(): void {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    preview();
  });
}

function preview(): void {
  const { pixels, side } = pad.ink();
  picture = normaliseDrawing(pixels, side);
  byId("hint").toggleAttribute("data-hidden", picture !== undefined);
  const context = byId<HTMLCanvasElement>("seen").getContext("2d") as CanvasRenderingContext2D;
  const image = context.createImageData(SIDE, SIDE);
  for (let i = 0; i < SIDE * SIDE; i++) image.data.set([255, 255, 255, Math.round(255 * (picture?.[i] ?? 0))], 4 * i);
  context.putImageData(image, 0, 0);
  updateButtons();
}

async function submit(): Promise<void> {
  if (picture === undefined) preview(); // drawn in this very frame
  if (busy || picture === undefined || session === undefined) return;
  busy = true;
  updateButtons();
  notice(undefined);
  showBusy();
  clearVotes("Waiting for the certificate.");
  try {
    await readDrawing(session, modelInput(picture), {
      onDeploy: () => clearVotes("First use on this chain: deploying DigitReader.sol, then the drawing follows."),
      onStep: showStep,
      onAnswer: showAnswer,
      onCertified: showVotes,
    });
  } catch (error) {
    showFailure();
    clearVotes("No certificate: the reading did not finish.");
    notice(error instanceof RpcFailure ? `Not read: ${error.message}` : `Not read: ${String(error)}`);
  } finally {
    busy = false;
    updateButtons();
  }
}

function clear(): void {
  pad.clear();
  if (!busy) showIdle();
  byId("pad").focus({ preventScroll: true });
}

function example(): void {
  pad.clear();
  for (const stroke of exampleStrokes(examples++)) pad.stroke(stroke);
}

/** What the page needs to know once; tried again until the node answers. */
async function openSession(): Promise<void> {
  if (session !== undefined) return;
  const [info, models, accounts, validators] = await Promise.all([
    rpc<NodeInfo>("noema_nodeInfo"),
    rpc<Model[]>("noema_models"),
    rpc<Hex[]>("eth_accounts"),
    rpc<unknown[]>("noema_validators"),
  ]);
  byId("chain").textContent = String(Number(info.chainId));
  byId("validators").textContent = String(validators.length);
  const model = models.find((m) => m.inputBytes === SIDE * SIDE && m.outputBytes === 10);
  const account = accounts.at(-1); // the last: scripts use the first ones and count their nonces
  if (account === undefined)
    return notice("This node signs for nobody: a devnet account is needed to send a drawing. Blocks and finality show all the same.");
  if (model === undefined) return notice("No active model on this chain takes 784 pixels and gives 10 scores.");
  byId("model").textContent = `Model: ${model.name}, ${number(model.gas)} gas an inference.`;
  session = { info, model, account, validators: validators.length };
  updateButtons();
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const onButton = event.target instanceof HTMLButtonElement || event.target instanceof HTMLAnchorElement;
  if (event.key === "Escape") clear();
  else if (event.key === "Enter" && !onButton) void submit();
  else if (event.key === "e" || event.key === "E") example();
  else return;
  event.preventDefault();
}

function onHead(): void {
  const link = byId("link");
  link.classList.remove("beat");
  requestAnimationFrame(() => link.classList.add("beat"));
  void refreshChain();
}

function onLink(up: boolean): void {
  byId("link").dataset.state = up ? "live" : "down";
  byId("link-text").textContent = up ? "live" : "no connection, trying again";
  if (up) openSession().catch((error) => notice(String(error.message ?? error)));
}

byId("submit").addEventListener("click", () => void submit());
byId("clear").addEventListener("click", clear);
byId("example").addEventListener("click", example);
document.addEventListener("keydown", onKey);
byId("endpoint").textContent = location.origin;
showIdle();
watchHeads(onHead, onLink);
setInterval(refreshAges, AGE_MS);
