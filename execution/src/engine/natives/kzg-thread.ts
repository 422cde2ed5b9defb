/**
 * A native KZG library for the point evaluation. Its set-up takes 2 to 3 s of CPU to load, so it has a thread of its own; until it
 * is there, and where it is not (no binary, a thread that ended), the own kernel (bls/) evaluates: the answers are the same, only
 * slower. Asked with Atomics and not with messages: the EVM's thread does nothing else in the middle of a block.
 */
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import type { Bytes } from "@noema/core/ports/bytes";

/** Of the one word that both threads share. */
const STATE = { LOADING: 0, READY: 1, ASKED: 2, TRUE: 3, FALSE: 4, REFUSED: 5, GIVEN_UP: 6 } as const;
/** z, y, commitment, proof. */
const QUESTION_BYTES = 160;
/** An evaluation is 1 to 2 ms; a thread that does not answer (one that ends while it is asked cannot say so) is replaced. */
const PATIENCE_MS = 5_000;

/** Text, so that a bundle needs no entry for it. */
const PROGRAM = `
const { workerData: { library, shared } } = require("node:worker_threads");
const [state, question] = [new Int32Array(shared, 0, 1), new Uint8Array(shared, 4)];
const context = require(library).DasContextJs.create({ usePrecomp: false });
const answer = () => {
  const bytes = question.slice();
  const part = (from, to) => bytes.subarray(from, to);
  try {
    return context.verifyKzgProof(part(64, 112), part(0, 32), part(32, 64), part(112, 160)) ? ${STATE.TRUE} : ${STATE.FALSE};
  } catch {
    return ${STATE.REFUSED};
  }
};
Atomics.store(state, 0, ${STATE.READY});
Atomics.notify(state, 0);
for (;;) {
  const seen = Atomics.load(state, 0);
  if (seen === ${STATE.GIVEN_UP}) break;
  if (seen !== ${STATE.ASKED}) {
    Atomics.wait(state, 0, seen);
    continue;
  }
  Atomics.compareExchange(state, 0, ${STATE.ASKED}, answer());
  Atomics.notify(state, 0);
}
`;

type Thread = { worker: Worker; state: Int32Array<SharedArrayBuffer>; question: Uint8Array<SharedArrayBuffer> };

let thread: Thread | "none" | undefined;

/** Begins to load; once. Keeps no process alive. */
export function startKzgThread(): void {
  if (thread !== undefined) return;
  try {
    const library = createRequire(import.meta.url).resolve("@crate-crypto/node-eth-kzg");
    const shared = new SharedArrayBuffer(4 + QUESTION_BYTES);
    const worker = new Worker(PROGRAM, { eval: true, workerData: { library, shared }, execArgv: [] });
    worker.unref();
    worker.on("error", giveUp).on("exit", giveUp);
    thread = { worker, state: new Int32Array(shared, 0, 1), question: new Uint8Array(shared, 4) };
  } catch {
    thread = "none";
  }
}

/** Resolves to whether it has loaded, once it has or has failed to. */
export async function kzgThreadLoaded(): Promise<boolean> {
  const loading = thread;
  if (typeof loading !== "object") return false;
  const ended = new Promise<false>((done) => loading.worker.once("exit", () => done(false)));
  const loaded = Promise.resolve(Atomics.waitAsync(loading.state, 0, STATE.LOADING).value).then(() => true);
  return Promise.race([loaded, ended]);
}

/** `data`: z, y, commitment, proof. Undefined where there is no answer: not loaded, or the input is refused. Starts the thread. */
export function verifyNatively(data: Bytes, patienceMs = PATIENCE_MS): boolean | undefined {
  startKzgThread();
  if (typeof thread !== "object" || Atomics.load(thread.state, 0) !== STATE.READY) return undefined;
  const { state, question } = thread;
  question.set(data);
  Atomics.store(state, 0, STATE.ASKED);
  Atomics.notify(state, 0);
  Atomics.wait(state, 0, STATE.ASKED, patienceMs);
  const answer = Atomics.compareExchange(state, 0, STATE.ASKED, STATE.GIVEN_UP);
  if (answer === STATE.ASKED) {
    thread.worker.removeAllListeners(); // ends by itself: ended while inside the library, it might take the process along
    thread = undefined;
    return undefined;
  }
  Atomics.store(state, 0, STATE.READY);
  return answer === STATE.REFUSED ? undefined : answer === STATE.TRUE;
}

function giveUp(): void {
  thread = "none";
}
