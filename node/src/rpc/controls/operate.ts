/** One operation of a development chain, as a method asks for it. */
import type { Bytes } from "@noema/core/ports/bytes";
import { errors, execError } from "@noema/execution/errors";
import type { Kind } from "@noema/execution/system/kinds";
import { OUTCOME, REFUSALS } from "@noema/execution/system/outcomes";
import type { Ended, Operations } from "../../chain/operations.ts";

/** Not for every page that may ask, as little as the accounts are. */
export const SIGNING = { signing: true } as const;

/** Resolves when it is durable and in `latest`, with what it gives. Throws the DEV_* that its outcome names, and what `submit` throws. */
export async function operate({ submit }: Operations, kind: Kind, body: Bytes): Promise<number | undefined> {
  return ended(await submit(kind, body));
}

/** What it gives. Throws the DEV_* that its outcome names. */
export function ended({ outcome, value }: Ended): number | undefined {
  if (outcome === OUTCOME.done) return value;
  const code = REFUSALS[outcome];
  throw execError(code, `nothing is changed: ${errors[code].means}`, { outcome });
}
