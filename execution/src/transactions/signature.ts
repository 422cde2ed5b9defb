import { txError } from "./errors.ts";

/** Order of secp256k1 (SEC 2, section 2.4.1). */
export const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const HALF_ORDER = CURVE_ORDER >> 1n;

/** 0 < r < n, and 0 < s <= n / 2 (EIP-2): a signature has one form. Throws TX_SIGNATURE_INVALID. */
export function checkSignatureRange(r: bigint, s: bigint): void {
  if (r === 0n || r >= CURVE_ORDER) throw txError("TX_SIGNATURE_INVALID", `invalid sender: r ${r} is not in [1, n)`, { r });
  if (s === 0n || s > HALF_ORDER) throw txError("TX_SIGNATURE_INVALID", `invalid sender: s ${s} is not in [1, n / 2]`, { s });
}

export function parityOf(v: bigint): 0 | 1 {
  if (v !== 0n && v !== 1n) throw txError("TX_SIGNATURE_INVALID", `invalid sender: yParity ${v} is neither 0 nor 1`, { v });
  return v === 0n ? 0 : 1;
}

/** Legacy v: 27 and 28, or chainId * 2 + 35 and 36 (EIP-155). */
export function legacyParity(v: bigint): { yParity: 0 | 1; chainId?: bigint } {
  if (v === 27n || v === 28n) return { yParity: v === 27n ? 0 : 1 };
  if (v < 35n) throw txError("TX_SIGNATURE_INVALID", `invalid sender: v ${v} is neither 27, 28 nor at least 35`, { v });
  return { yParity: (v - 35n) % 2n === 0n ? 0 : 1, chainId: (v - 35n) >> 1n };
}
