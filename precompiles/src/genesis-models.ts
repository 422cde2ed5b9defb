/** The section `inference: {models: [[file, sha256]...]}` of genesis.json: models that are active from block 0. */
import { readFileSync } from "node:fs";
import { isAbsolute, normalize, resolve } from "node:path";
import { type Bytes, to0x, toHex } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import { parseTable } from "@noema/core/option-table";
import type * as v from "valibot";
import { errors, fail } from "./errors.ts";
import { type LoadedModel, loadModel } from "./model/load.ts";
import { inferenceGenesis } from "./options.ts";
import type { ModelSource } from "./set/model-source.ts";

/** Active weights of a chain together (inference.md section 5). */
const MAX_ACTIVE_WEIGHT_BYTES = 512 * 2 ** 20;

export type InferenceGenesis = v.InferOutput<typeof inferenceGenesis>;

/** Throws INFERENCE_GENESIS_INVALID. */
export function parseInferenceGenesis(section: unknown): InferenceGenesis {
  const genesis = parseTable(inferenceGenesis, section, (fault) => fail("INFERENCE_GENESIS_INVALID", `genesis.json: inference.${fault}`));
  for (const [name] of genesis.models)
    if (isAbsolute(name) || normalize(name).startsWith(".."))
      fail("INFERENCE_GENESIS_INVALID", `genesis.json: inference.models: ${name} leaves the folder of models`);
  return genesis;
}

/**
 * Reads, verifies and loads every model. Throws MODEL_FILE_MISSING, MODEL_DIGEST_MISMATCH, INFERENCE_GENESIS_INVALID for a
 * model that stands twice, and what `loadModel` throws.
 */
export function loadGenesisModels(section: unknown, read: (file: string) => Bytes): LoadedModel[] {
  const seen = new Set<string>();
  let weightBytes = 0;
  return parseInferenceGenesis(section).models.map(([name, expected]) => {
    const bytes = read(name);
    const actual = to0x(sha256(bytes));
    if (actual !== expected)
      fail("MODEL_DIGEST_MISMATCH", `${name} has sha256 ${actual}, genesis says ${expected}`, { name, actual, expected });
    const loaded = loadModel(bytes);
    if (seen.has(expected)) fail("INFERENCE_GENESIS_INVALID", `genesis.json: inference.models: ${name} stands twice`);
    seen.add(expected);
    weightBytes += loaded.weightBytes;
    if (weightBytes > MAX_ACTIVE_WEIGHT_BYTES)
      fail("MODEL_LIMIT_EXCEEDED", `active weights: ${weightBytes} bytes, limit ${MAX_ACTIVE_WEIGHT_BYTES}`, { weightBytes });
    return loaded;
  });
}

/** The models of genesis: active from block 0, owned by nobody. */
export function genesisSource(models: readonly LoadedModel[]): ModelSource {
  const byId = new Map(models.map((model) => [toHex(model.id), model]));
  const records = models.map((sizes) => ({ id: sizes.id, activationBlock: 0, owner: new Uint8Array(20), royalty: 0n, sizes }));
  return { models: () => records, weights: (id) => byId.get(toHex(id)) };
}

/** Reads models of a folder; throws MODEL_FILE_MISSING with what `errors` advises. */
export function modelFolder(folder: string): (file: string) => Bytes {
  return (name) => {
    const path = resolve(folder, name);
    try {
      return new Uint8Array(readFileSync(path));
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      return fail("MODEL_FILE_MISSING", `${path}: ${errors.MODEL_FILE_MISSING.means} (${code})`, { path, cause: String(cause) });
    }
  };
}
