/** The execution worker: EVM, state and root on one thread, which alone writes the `state` store. */
import { parentPort, workerData } from "node:worker_threads";
import { genesisHash } from "@noema/core/genesis";
import type { KvStore } from "@noema/core/ports/kv-store";
import type { ExecutionService } from "@noema/execution/api";
import { startKzgThread } from "@noema/execution/engine/natives/kzg-thread";
import { createExecutionService } from "@noema/execution/service";
import { createBackend } from "@noema/precompiles/backend/create-backend";
import { genesisSource, loadGenesisModels, modelFolder, parseInferenceGenesis } from "@noema/precompiles/genesis-models";
import { type SharedModel, shareOf } from "@noema/precompiles/model/load";
import { createPrecompileSet } from "@noema/precompiles/set/precompile-set";
import { type KnownModel, knownModels } from "../chain/models.ts";
import { openStore } from "../store/open-store.ts";
import type { ExecutionMethods, ExecutionWorkerData } from "../threads/execution-face.ts";
import { unpackBlock } from "../threads/packed-block.ts";
import { remoteLogger } from "../threads/remote-logger.ts";
import { expose, type Port } from "../threads/rpc.ts";

const { genesis, datadir, store, inference, execution: options, log } = workerData as ExecutionWorkerData;

/**
 * The set-up's 2 to 3 s of CPU are not taken from the start; an earlier point evaluation loads it, too. On a chain for development,
 * whose validators share one machine, only that does.
 */
const KZG_DELAY_MS = 20_000;

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
  const precompiles = createPrecompileSet({ source: genesisSource(ready), backend: createBackend(inference.backend), ready });
  kv = await openStore(store, datadir, "state");
  return createExecutionService({ kv, precompiles, genesis, genesisHash: genesisHash(genesis), options, logger: remoteLogger(log) });
}

function running(): ExecutionService {
  if (service === undefined) throw new Error("the execution worker is not started");
  return service;
}

const own: Omit<ExecutionMethods, keyof ExecutionService> & Pick<ExecutionMethods, "start" | "stop" | "execute"> = {
  models: async () => known,
  execute: async (block) => running().execute(unpackBlock(block)),
  forReaders: async () => ({ state: kv?.reader(), models: shared }),
  async start() {
    service = await open();
    const started = await service.start();
    if (!genesis.dev) setTimeout(startKzgThread, KZG_DELAY_MS).unref();
    return started;
  },
  async stop() {
    await service?.stop();
    await kv?.close();
    log.close();
  },
};
expose(parentPort as Port, own, { rest: running });
