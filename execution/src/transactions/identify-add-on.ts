/** The add-on of execution/native, where it was built (`noema tool native`) and the launcher, or whoever starts this process, names it. */
import { createRequire } from "node:module";
import type { Bytes } from "@noema/core/ports/bytes";
import { txError } from "./errors.ts";

export type IdentifyAddOn = {
  path: string;
  /** Packed: the transactions, what was signed of each, r || s || parity (anything else: there is none). Returns hash || sender of each. */
  identify(raws: Bytes, signed: Bytes, signatures: Bytes): Bytes;
};

export const addOn = load(process.env.NOEMA_IDENTIFY);

/** Throws TX_ADD_ON_UNUSABLE. */
export function load(path: string | undefined): IdentifyAddOn | undefined {
  if (path === undefined || path === "") return undefined;
  try {
    const { identify } = createRequire(import.meta.url)(path) as Pick<IdentifyAddOn, "identify">;
    return { path, identify };
  } catch (error) {
    throw txError("TX_ADD_ON_UNUSABLE", `${path} does not load: ${error instanceof Error ? error.message : error}`, { path }, error);
  }
}
