/** The execution worker: EVM, state and root on one thread, which alone writes the `state` store. */
import { type MessagePort, workerData } from "node:worker_threads";
import { genesisHash } from "@noema/core/genesis";
import type { Bytes, Height } from "@noema/core/ports/bytes";
import type { KvStore } from "@noema/core/ports/kv-store";
import type { ExecutionService } from "@noema/execution/api";
import { startKzgThread } from "@noema/execution/engine/natives/kzg-thread";
import { createExecutionService } from "@noema/execution/service";
import { STATE_TABLES } from "@noema/execution/tables";
import { createBackend } from "@noema/precompiles/backend/create-backend";
import { genesisSource, loadGenesisModels, modelFolder, parseInferenceGenesis } from "@noema/precompiles/genesis-models";
import { type SharedModel, shareOf } from "@noema/precompiles/model/load";
import { createPrecompileSet } from "@noema/precompiles/set/precompile-set";
import { createResultCache, type ResultCache } from "@noema/precompiles/set/result-cache";
import { type KnownModel, knownModels } from "../chain/models.ts";
import { openStore } from "../store/open-store.ts";
import { createRoom } from "../store/room.ts";
import { roomyStore } from "../store/roomy-store.ts";
import type { ExecutionMethods, ExecutionWorkerData } from "../threads/execution-face.ts";
import type { AheadResults } from "../threads/inference-face.ts";
import { unpackBlock } from "../threads/packed-block.ts";
import { remoteLogger } from "../threads/remote-logger.ts";
import { serve } from "./serve.ts";

const { genesis, datadir, diskReserve, checkedBytes, store, inference, execution: options, log, ahead } = workerData as ExecutionWorkerData;

/**
 * The set-up's 2 to 3 s of CPU are not taken from the start; an earlier point evaluation loads it, too. On a chain for development,
 * whose validators share one machine, only that does.
 */
const KZG_DELAY_MS = 20_000;

const counted = new Int32Array(ahead?.counts ?? new SharedArrayBuffer(8));
const cache = createResultCache();
const room = createRoom(datadir, diskReserve);
/** Blocks that may execute, and are not to be kept before they are stored. */
const waiting = new Map<Height, PromiseWithResolvers<void>>();
let kv: KvStore | undefined;
let service: ExecutionService | undefined;
let known: KnownModel[] = [];
let shared: SharedModel[] = [];

/** Opened here and not while the module loads, so that what is wrong reaches the main thread with its code. */
async function open(): Promise<ExecutionService> {
  const ready = loadGenesisModels(genesis.inference, modelFolder(inference.models));
  const files = parseInferenceGenesis(genesis.inference).models.map(([file]) => file);
  known = knownModels(files, ready);
  shared = ready.map(shareOf);
  if (ahead !== undefined) takeAhead(ahead.results, cache);
  const precompiles = createPrecompileSet({ source: genesisSource(ready), backend: createBackend(inference.backend), ready, cache });
  kv = roomyStore(await openStore(store, datadir, "state", STATE_TABLES, { checkedBytes }), room);
  return createExecutionService({ kv, precompiles, genesis, genesisHash: genesisHash(genesis), options, logger: remoteLogger(log) });
}

/** Results that were computed ahead, between two messages: a block that runs does not wait for them. */
function takeAhead(port: MessagePort, cache: ResultCache): void {
  port.on("message", (told: AheadResults) => {
    if ("drop" in told) return cache.dropFilled();
    for (const [i, input] of told.inputs.entries()) cache.fill(told.model, input, told.outputs[i] as Bytes);
  });
  port.unref();
}

function running(): ExecutionService {
  if (service === undefined) throw new Error("the execution worker is not started");
  return service;
}

const own: Omit<ExecutionMethods, keyof ExecutionService> & Pick<ExecutionMethods, "start" | "stop" | "execute" | "stored"> = {
  models: async () => known,
  async execute(block) {
    const stored = Promise.withResolvers<void>();
    stored.promise.catch(() => {}); // told to the block
    waiting.set(block.height, stored);
    const executed = await running()
      .execute(unpackBlock(block), stored.promise)
      .finally(() => waiting.delete(block.height));
    counted.set([cache.counts.filled, cache.counts.ran]);
    return executed;
  },
  async stored(height, failure) {
    if (failure === undefined) waiting.get(height)?.resolve();
    else waiting.get(height)?.reject(new Error(failure));
  },
  forReaders: async () => ({ state: kv?.reader(), models: shared }),
  async start() {
    service = await open();
    const started = await service.start();
    if (!genesis.dev) setTimeout(startKzgThread, KZG_DELAY_MS).unref();
    return started;
  },
  async stop() {
    room.end();
    await service?.stop();
    await kv?.close();
    log.close();
  },
};
serve(own, { inside: ["start"], rest: running });
