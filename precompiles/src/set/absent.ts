/** The addresses from 0x0a02 to 0x0a0f: kept for what is to come, and until then no ordinary accounts where a call would succeed. */
import { bigIntToBytes } from "@noema/core/bytes";
import type { Precompile } from "@noema/core/ports/precompiles";
import { ABSENT_GAS } from "./gas.ts";
import { refusal } from "./refusal.ts";

const [FIRST, LAST] = [0x0a02, 0x0a0f];

export function absentPrecompiles(): Precompile[] {
  const run = () => refusal("NO_PRECOMPILE", ABSENT_GAS);
  return Array.from({ length: LAST - FIRST + 1 }, (_, i) => ({ address: bigIntToBytes(BigInt(FIRST + i), 20), run }));
}
