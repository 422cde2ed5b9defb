/**
 * What a validator and a `noema gpu-worker` say to each other over HTTP. Bodies are bytes, errors {code, message}:
 *   GET  /                  {name}: what it runs on
 *   PUT  /models/ID         a .nmodel file; its id is computed, and must be ID
 *   POST /models/ID/infer   inputs, one after another -> their outputs likewise; MODEL_UNKNOWN where the file has to come first
 */
/** Of inputs or outputs of one request. */
export const MAX_INFER_BYTES = 16 * 2 ** 20;

export const modelPath = (id: string) => `/models/${id}`;
export const inferPath = (id: string) => `/models/${id}/infer`;
