/** The negative control: a shader that rounds wrongly must be found by the comparison, and must not serve. Its own process: a driver's settings are read at its start. */

import { guardBackend } from "@noema/precompiles/backend/guarded-backend";
import { openProcessBackend } from "@noema/precompiles/backend/process-backend";
import { createWasmBackend } from "@noema/precompiles/backend/wasm-backend";
import { CORRUPT_PROCESS } from "@noema/precompiles/testing/gpu";

const START_MS = 120_000;

const said: string[] = [];
const backend = await openProcessBackend(CORRUPT_PROCESS, process.argv[2] as string);
const guarded = guardBackend(backend, {
  judge: createWasmBackend(),
  onFault: ({ reason }) => said.push(reason),
  random: Math.random,
  lateMs: START_MS,
  startMs: START_MS,
});
const served = await guarded.then(
  (x) => x.close(),
  () => false,
);
process.stdout.write(`${JSON.stringify({ refused: served === false ? said[0] : undefined })}\n`);
