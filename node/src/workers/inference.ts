/** Infers ahead of time: runs what waits in the pool against the newest state, and tells the execution thread the results it will ask for. */
import { getPriority, setPriority } from "node:os";
import { workerData } from "node:worker_threads";
import { type Bytes, toHex } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import { createChainReader } from "@noema/execution/reader";
import type { BatchBackend } from "@noema/precompiles/backend/batch-backend";
import { createBackend } from "@noema/precompiles/backend/create-backend";
import { createLocalBackend } from "@noema/precompiles/backend/local-backend";
import { genesisSource } from "@noema/precompiles/genesis-models";
import { openShared } from "@noema/precompiles/model/load";
import { createAwaitingCache } from "@noema/precompiles/set/awaiting-cache";
import { createPrecompileSet } from "@noema/precompiles/set/precompile-set";
import { createPrefetch } from "@noema/precompiles/set/prefetch";
import { createResultCache, type ResultCache } from "@noema/precompiles/set/result-cache";
import { systemClock } from "../clock.ts";
import { createAhead, type Missing } from "../inference/ahead.ts";
import { BESIDE } from "../inference/beside-counts.ts";
import { type Beside, keepBeside } from "../inference/open-beside.ts";
import { openReader } from "../store/open-store.ts";
import { shelterReader } from "../store/sheltered-reader.ts";
import type { AheadResults, InferenceThread, InferenceWorkerData } from "../threads/inference-face.ts";
import { remoteLogger } from "../threads/remote-logger.ts";
import { runSheltered, serve } from "./serve.ts";

const { genesis, state, models: shared, inference, execution: options, results, counts, log } = workerData as InferenceWorkerData;
const logger = remoteLogger(log);
const counted = new Int32Array(counts);
/** Behind blocks and votes, as the reader of calls. */
const BEHIND = 3;
/** Of one run ahead of time; what takes more is left to the block. */
const MOST_GAS = 16_000_000n;

const LEFT_TO_WASM = ["BACKEND_LOST", "BACKEND_MODEL_UNFIT", "BACKEND_BUSY"];

const models = new Map(shared.map((x) => [toHex(x.id), openShared(x)]));
const wasm = createBackend(inference.backend);
const local = createLocalBackend(wasm);
const cache = createResultCache();
let beside: Beside | undefined;
let found: Missing | undefined;

const tell = (message: AheadResults) => results.postMessage(message);
const awaiting = createAwaitingCache(cache, (model, input) => {
  found = { model, input, units: models.get(toHex(model))?.units ?? 0 };
});
const source = genesisSource([...models.values()]);
const { reads, load } = createChainReader({
  kv: shelterReader(openReader(state), runSheltered),
  genesis,
  options,
  precompiles: () => createPrecompileSet({ source, backend: wasm, cache: awaiting }),
  goOn() {},
});

/** A model that does not fit, and a back end that is out of service, are WASM's, here and not in the block. */
const batch: BatchBackend = {
  async submit(model, inputs) {
    try {
      return await (beside ?? local).submit(model, inputs);
    } catch (error) {
      if (isNoemaError(error) && LEFT_TO_WASM.includes(error.code)) return local.submit(model, inputs);
      throw error;
    }
  },
};

const ahead = createAhead({
  async run({ sender, to, data, value, gas }) {
    found = undefined;
    const next = { timestampMs: Date.now(), pool: { version: 0, txs: [] } };
    const request = { from: sender, to, data, value, gas: gas < MOST_GAS ? gas : MOST_GAS };
    await reads.call(request, next).catch((error) => {
      if (!isNoemaError(error, "INFERENCE_AWAITED")) throw error;
    });
    return found;
  },
  async infer(id, inputs) {
    const model = models.get(toHex(id));
    if (model === undefined) throw new Error("a model that no set knows");
    const told: { inputs: Bytes[]; outputs: Bytes[] } = { inputs: [], outputs: [] };
    const telling: ResultCache = {
      ...cache,
      fill(of, input, output) {
        cache.fill(of, input, output);
        told.inputs.push(input);
        told.outputs.push(output);
      },
    };
    await createPrefetch(batch, telling)(model, inputs);
    tell({ model: id, ...told });
  },
});

const thread: InferenceThread = {
  async start() {
    if (process.platform === "linux") setPriority(0, Math.min(getPriority(0) + BEHIND, 19)); // there it is this thread's
    const { backend } = inference;
    beside = await keepBeside(inference, wasm, {
      clock: systemClock,
      onFault({ wrong, reason }, pauseMs) {
        cache.dropFilled();
        tell({ drop: true });
        counted[BESIDE.serves] = 0;
        Atomics.add(counted, wrong ? BESIDE.wrong : BESIDE.lost, 1);
        const again = `tried again in ${pauseMs / 1000} s`;
        logger.log("error", "an inference back end is out of service; WASM does its work", { backend, reason, again });
      },
      onReturn(on) {
        counted[BESIDE.serves] = 1;
        logger.log("info", "an inference back end serves again: it gave the known answers", { backend, on });
      },
    });
    counted[BESIDE.serves] = Number(beside !== undefined);
    await load();
    return beside?.name ?? "WASM";
  },
  offer: ahead.offer,
  renew: ahead.renew,
  stop() {
    beside?.close();
    log.close();
    results.close();
  },
};
serve(thread, { inside: ["start"] });
