/** Math.max and Math.min do not take bigints. */
export function greater(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

export function lesser(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
