/** Precompiles while a question replaces accounts: one that is overridden is none, and may answer elsewhere (execution-apis). */
import type { EVM } from "@ethereumjs/evm";
import { to0x, toHex } from "@noema/core/bytes";
import type { StateOverride } from "../../api.ts";
import { execError } from "../../errors.ts";

/** By hex of the address. The usual ones themselves where nothing changes. Throws CALL_OVERRIDE_INVALID. */
export function movedPrecompiles<F>(usual: ReadonlyMap<string, F>, overrides: readonly StateOverride[]): ReadonlyMap<string, F> {
  const overridden = new Set(overrides.map(({ address }) => toHex(address)));
  const moved = new Map(usual);
  for (const { address, movePrecompileTo: to } of overrides) {
    const precompile = usual.get(toHex(address));
    if (precompile !== undefined) moved.delete(toHex(address));
    if (to === undefined) continue;
    if (precompile === undefined) throw invalid(`account ${to0x(address)} is not a precompile`, address);
    if (overridden.has(toHex(to))) throw invalid(`account ${to0x(to)} is already overridden`, to);
    moved.set(toHex(to), precompile);
  }
  return moved;
}

function invalid(message: string, address: Uint8Array) {
  return execError("CALL_OVERRIDE_INVALID", message, { address });
}

/** Whoever runs has the EVM alone; afterwards it is as it was. */
export async function withPrecompiles<T>(evm: EVM, overrides: readonly StateOverride[], run: () => Promise<T>): Promise<T> {
  if (overrides.length === 0) return run();
  const inside = evm as unknown as { _precompiles: ReadonlyMap<string, unknown> };
  const usual = inside._precompiles;
  inside._precompiles = movedPrecompiles(usual, overrides);
  try {
    return await run();
  } finally {
    inside._precompiles = usual;
  }
}
