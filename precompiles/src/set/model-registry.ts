/** The models that a chain knows, by id. In this version they come from genesis; the AiRegistry contract adds to them later. */
import { type Bytes, type Height, toHex } from "@noema/core/bytes";
import type { RunnableModel } from "../backend/inference-backend.ts";
import { fail } from "../errors.ts";
import type { LoadedModel } from "../model/load.ts";

export interface ModelRecord {
  /** 32 bytes. */
  id: Bytes;
  activationBlock: Height;
  /** 20 bytes. */
  owner: Bytes;
  /** Wei that a call pays to the owner; calls cannot pay yet, so it is 0 in this version. */
  royalty: bigint;
  /** Undefined while the weights are not on this machine. */
  loaded?: LoadedModel;
}

export interface RegisteredModel {
  record: ModelRecord;
  active: boolean;
  runnable?: RunnableModel;
}

export interface ModelRegistry {
  /** Throws NEED_MODEL when a model that is active at this height cannot run. */
  beginBlock(height: Height): void;
  /** By lower-case hex of the id. */
  find(id: string): RegisteredModel | undefined;
}

export function createModelRegistry(records: readonly ModelRecord[], load: (model: LoadedModel) => RunnableModel): ModelRegistry {
  const models = new Map<string, RegisteredModel>();
  for (const record of records)
    models.set(toHex(record.id), { record, active: false, runnable: record.loaded === undefined ? undefined : load(record.loaded) });
  return {
    beginBlock(height) {
      for (const [id, model] of models) {
        model.active = model.record.activationBlock <= height;
        if (model.active && !model.runnable)
          fail("NEED_MODEL", `block ${height} needs the weights of model 0x${id}`, { height, id: `0x${id}` });
      }
    },
    find: (id) => models.get(id),
  };
}
