/** Largest integer not above a / b; b > 0. Of integers only: the quotient of doubles is never consulted. */
export function floorDivide(a: number, b: number): number {
  const remainder = a % b;
  return (a - (remainder < 0 ? remainder + b : remainder)) / b;
}
