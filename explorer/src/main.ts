import type { ChainState } from "./chain-state.ts";
import { copyable } from "./copy.ts";
import { createFileCard } from "./data/file-card.ts";
import { modelInput, normaliseDrawing, SIDE } from "./digit-image.ts";
import { byId, number } from "./dom.ts";
import { exampleStrokes } from "./examples.ts";
import { createPad } from "./pad.ts";
import { type ReadingEvents, readDrawing, type Session } from "./reading.ts";
import { rpc, watchHeads } from "./rpc.ts";
import type { Hex, Model, NodeInfo, Validator } from "./types.ts";
import { say, showAnswer, showBusy, showFailure, showIdle, showStep, showWaiting } from "./view-answer.ts";
import { refreshAges, refreshChain, showNoBlocks } from "./view-chain.ts";
import { beat, showLastBlockAge, showState } from "./view-state.ts";
import { clearVotes, showVotes } from "./view-votes.ts";
import { lastStatus, watchState } from "./watch-state.ts";

const SENDING = "Sending the drawing.";
const WAITING = "Sent: waiting for its block.";
const HOLDUPS: Partial<Record<ChainState["kind"], string>> = {
  halted: "Sent and kept, but the chain is halted.",
  silent: "Sent and kept, but this validator is silent.",
  syncing: "Sent and kept, but this validator is behind.",
};

let session: Session | undefined;
let genesis: Hex | undefined;
let keys: Hex[] = [];
let picture: Float32Array | undefined;
/** While a drawing is being read: how to give it up, since when it is on its way, whether the node has it and the digit is not known. */
let reading: { abort: AbortController; since?: number; waiting?: boolean } | undefined;
let examples = Math.floor(Math.random() * 10);

const files = createFileCard();
const pad = createPad(byId<HTMLCanvasElement>("pad"), schedulePreview);

function updateButtons(): void {
  byId<HTMLButtonElement>("submit").disabled = reading !== undefined || picture === undefined || session === undefined;
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

function readingEvents(own: NonNullable<typeof reading>, { model }: Session): ReadingEvents {
  return {
    onDeploy: () => say("First use here: deploying DigitReader."),
    onStart() {
      own.since = performance.now();
      say(SENDING);
    },
    onStep(step, ms) {
      showStep(step, ms);
      if (step !== "accepted") return;
      own.waiting = true;
      say(WAITING);
    },
    onAnswer(answer, receipt, contract) {
      own.waiting = false;
      showAnswer(answer, model.output.temperature, receipt, contract);
    },
    onCertified: (certified) => showVotes(certified, lastStatus()?.heardFrom ?? []),
  };
}

async function submit(): Promise<void> {
  if (picture === undefined) preview(); // drawn in this very frame
  if (reading !== undefined || picture === undefined || session === undefined) return;
  const own = { abort: new AbortController() };
  reading = own;
  updateButtons();
  showBusy();
  say(SENDING);
  clearVotes(keys);
  try {
    await readDrawing(session, modelInput(picture), readingEvents(own, session), own.abort.signal);
  } catch (error) {
    if (own.abort.signal.aborted) return; // the room is another's by now
    showFailure();
    say(`Not read: ${(error as Error).message}`, true);
  } finally {
    if (reading === own) reading = undefined;
    updateButtons();
  }
}

/** Also gives up what is being waited for; what was sent stays sent. */
function clear(): void {
  reading?.abort.abort();
  reading = undefined;
  pad.clear();
  showIdle();
  clearVotes(keys);
  byId("pad").focus({ preventScroll: true });
}

function example(): void {
  pad.clear();
  for (const stroke of exampleStrokes(examples++)) pad.stroke(stroke);
}

/** What the page needs to know, asked when the node answers for the first time and after each silence. */
async function openSession(): Promise<void> {
  const [info, models, accounts, validators] = await Promise.all([
    rpc<NodeInfo>("noema_nodeInfo"),
    rpc<Model[]>("noema_models"),
    rpc<Hex[]>("eth_accounts"),
    rpc<Validator[]>("noema_validators"),
  ]);
  if (genesis !== undefined && genesis !== info.genesisHash) return location.reload(); // another chain at the same address
  if (genesis !== undefined) return;
  genesis = info.genesisHash;
  keys = validators.map((x) => x.publicKey);
  byId("chain").textContent = String(Number(info.chainId));
  byId("validators").textContent = String(validators.length);
  clearVotes(keys);
  files.onValidators(validators, info.validatorIndex);
  const model = models.find((m) => m.inputBytes === SIDE * SIDE && m.outputBytes === 10);
  const account = accounts.at(-1); // the last: scripts use the first ones and count their nonces
  if (account === undefined) return say("This node signs for nobody: a devnet account is needed to send a drawing.", true);
  if (model === undefined) return say("No active model on this chain takes 784 pixels and gives 10 scores.", true);
  byId("model").textContent = `Model: ${model.name}, ${number(model.gas)} gas an inference.`;
  session = { info, model, account, validators };
  updateButtons();
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return;
  if (event.target instanceof Element && byId("data").contains(event.target)) return; // the keys are the drawing's
  const onButton = event.target instanceof HTMLButtonElement || event.target instanceof HTMLAnchorElement;
  if (event.key === "Escape") clear();
  else if (event.key === "Enter" && !onButton) void submit();
  else if (event.key === "e" || event.key === "E") example();
  else return;
  event.preventDefault();
}

/** At least every second. */
function onState(state: ChainState): void {
  showState(state);
  if (state.doubted) showNoBlocks();
  showLastBlockAge(refreshAges());
  files.onChain(state, lastStatus()?.heardFrom);
  if (reading?.since === undefined) return;
  showWaiting(performance.now() - reading.since);
  if (reading.waiting) say(HOLDUPS[state.kind] ?? WAITING);
}

function onHead(): void {
  beat();
  void refreshChain();
}

byId("submit").addEventListener("click", () => void submit());
byId("clear").addEventListener("click", clear);
byId("example").addEventListener("click", example);
document.addEventListener("keydown", onKey);
byId("endpoint").append(copyable(location.origin, location.origin));
showIdle();
clearVotes(keys);
showNoBlocks();
watchHeads(onHead);
watchState(onState, () => {
  openSession().catch((error) => say(`The node does not say what it runs: ${error.message}`, true));
  void refreshChain();
});
