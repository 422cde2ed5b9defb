/** A thread with a precompile set of its own, over models that another thread has loaded: answers calls of INFER. */
import { parentPort, workerData } from "node:worker_threads";
import { createBackend } from "../backend/create-backend.ts";
import { genesisSource } from "../genesis-models.ts";
import { openShared, type SharedModel } from "../model/load.ts";
import { createPrecompileSet } from "../set/precompile-set.ts";

const models = (workerData as SharedModel[]).map(openShared);
const set = createPrecompileSet({ source: genesisSource(models), backend: createBackend("wasm") });
set.beginBlock({ height: 1, state: { slot: () => 0n, code: () => new Uint8Array(0) } });
const [, infer] = set.precompiles;

parentPort?.on("message", (input: Uint8Array) => parentPort?.postMessage(infer?.run(input, 30_000_000, set.beginTx())));
parentPort?.postMessage("begun");
