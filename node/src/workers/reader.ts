/** A reader: answers questions about state and blocks from snapshots of the `state` store, which the execution worker writes. */
import { getPriority, setPriority } from "node:os";
import { workerData } from "node:worker_threads";
import { execError } from "@noema/execution/errors";
import { createChainReader } from "@noema/execution/reader";
import { createBackend } from "@noema/precompiles/backend/create-backend";
import { genesisSource } from "@noema/precompiles/genesis-models";
import { openShared } from "@noema/precompiles/model/load";
import { createPrecompileSet } from "@noema/precompiles/set/precompile-set";
import { openReader } from "../store/open-store.ts";
import { shelterReader } from "../store/sheltered-reader.ts";
import { createCourtesy } from "../threads/courtesy.ts";
import type { ReaderThread, ReaderWorkerData } from "../threads/reader-face.ts";
import { runSheltered, serve } from "./serve.ts";

const { genesis, state, models, inference, execution: options, runsCode, stop } = workerData as ReaderWorkerData;
const word = new Int32Array(stop);
/** Niceness: a call takes all of a core for seconds, and blocks, votes and lookups should not share theirs with it evenly. */
const BEHIND = 10;

/** The question that came last; of those that run long there is one at a time. */
let current = 0;

const kv = shelterReader(openReader(state), runSheltered);
const makeWay = runsCode ? createCourtesy() : () => undefined;
const { reads, load } = createChainReader({
  kv,
  genesis,
  options,
  precompiles: () => createPrecompileSet({ source: genesisSource(models.map(openShared)), backend: createBackend(inference.backend) }),
  goOn() {
    if (Atomics.load(word, 0) === current) throw execError("QUESTION_STOPPED", `question ${current} was stopped`);
    makeWay();
  },
});

const thread: ReaderThread = {
  async start() {
    if (!runsCode) return;
    if (process.platform === "linux") setPriority(0, Math.min(getPriority(0) + BEHIND, 19)); // there it is this thread's, elsewhere the process's
    await load(); // here, since no question's deadline counts it
  },
  ask(id, method, args) {
    current = id;
    return (reads[method] as (...args: readonly unknown[]) => Promise<unknown>)(...args);
  },
};
serve(thread, { inside: ["start"] });
