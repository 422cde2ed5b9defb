/** Where a worker's entry lies: beside this module's chunk in the start-up bundle, or in node/src/workers. */
declare global {
  var NOEMA_BUNDLED: boolean | undefined;
}
const BUNDLED = globalThis.NOEMA_BUNDLED === true;

const SOURCES = {
  execution: "../workers/execution.ts",
  data: "../workers/data.ts",
  webgpu: "../workers/webgpu.ts",
  inference: "../workers/inference.ts",
  reader: "../workers/reader.ts",
  crypto: "../workers/crypto.ts",
};

export type Entry = keyof typeof SOURCES;

export function workerUrl(name: Entry): URL {
  return BUNDLED ? new URL(`./${name}-worker.js`, import.meta.url) : new URL(SOURCES[name], import.meta.url);
}
