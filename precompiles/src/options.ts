/** The `inference` section of genesis.json (what validators agree on), and where and by what a node runs models. */
import { option } from "@noema/core/option-table";
import * as v from "valibot";
import { BACKENDS } from "./backend/names.ts";

const file = v.pipe(v.string(), v.minLength(1), v.maxLength(255));
const digest = v.pipe(v.string(), v.regex(/^0x[0-9a-f]{64}$/, "must be 0x and 64 lower-case hex digits"));

export const inferenceGenesis = v.strictObject({
  models: option("[file, sha256] of each model that is active from block 0", v.pipe(v.array(v.tuple([file, digest])), v.maxLength(256))),
});

const httpUrl = v.pipe(v.string(), v.url("a URL is expected"), v.regex(/^https?:/, "a URL like http://127.0.0.1:8560 is expected"));

export const inferenceOptions = v.strictObject({
  /** Any name, so that the start of a node says which there are (BACKEND_UNAVAILABLE). */
  backend: option(`inference back end: ${BACKENDS.join(", ")}`, v.optional(v.string(), BACKENDS[0]), { value: "backend" }),
  gpuWorker: option("of the back end remote: where a `noema gpu-worker` answers", v.optional(httpUrl), { value: "url", none: "none" }),
  models: option("where the model files lie that genesis names", v.optional(v.string()), {
    value: "folder",
    none: "those that come with Noema",
  }),
});
export type InferenceOptions = v.InferOutput<typeof inferenceOptions>;
