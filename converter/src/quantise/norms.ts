/** Numbers of LAYERNORM and RMSNORM (inference.md section 2) from floats. */

/** y = (t * G / 2^16 + B) / 2^r, t being 2^22 times the normalised element. */
export function layernormNumbers(
  scale: Float32Array,
  shift: Float32Array,
  step: number,
): { factors: Int32Array; summands: Int32Array; shift: number } {
  const most = Math.max(...scale.map((x) => Math.abs(x / step) / 64), ...shift.map((x) => Math.abs(x / step) / 2 ** 15));
  let r = 31;
  while (r > 1 && most * 2 ** r >= 2 ** 15 - 1) r--;
  return {
    factors: Int32Array.from(scale, (x) => Math.round(((x / step) * 2 ** r) / 64)),
    summands: Int32Array.from(shift, (x) => Math.round((x / step) * 2 ** r)),
    shift: r,
  };
}

/** y = d * floor(U / isqrt(S * 2^e)) / 2^r within the bounds that the loader checks. */
export function rmsnormNumbers(k: number, zeroPoint: number, step: number): { multiplier: number; exponent: number; shift: number } {
  const most = 128 + Math.abs(zeroPoint);
  let exponent = 30;
  while (exponent > 0 && k * most * most * 2 ** exponent >= 2 ** 32) exponent -= 2;
  let r = 31;
  const multiplier = () => Math.round((Math.sqrt(k) / step) * 2 ** (r + exponent / 2));
  const fits = () => multiplier() < 2 ** 32 && Math.floor(multiplier() / 2 ** (exponent / 2)) + 2 ** (r - 1) < 2 ** 31;
  while (r > 1 && !fits()) r--;
  return { multiplier: multiplier(), exponent, shift: r };
}
