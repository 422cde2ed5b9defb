/** Unary functions by name; each becomes a table of 256 entries. */
export const FUNCTIONS: Record<string, (x: number) => number> = {
  abs: Math.abs,
  ceil: Math.ceil,
  erf,
  exp: Math.exp,
  floor: Math.floor,
  gelu: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  geluTanh: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  hardSwish: (x) => (x * Math.max(0, Math.min(6, x + 3))) / 6,
  log: Math.log,
  mish: (x) => x * Math.tanh(softplus(x)),
  reciprocal: (x) => 1 / x,
  round: Math.round,
  sigmoid,
  softplus,
  softsign: (x) => x / (1 + Math.abs(x)),
  sqrt: Math.sqrt,
  swish: (x) => x * sigmoid(x),
  tanh: Math.tanh,
};

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function softplus(x: number): number {
  return Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** Abramowitz and Stegun 7.1.26: within 1.5e-7, where a step of int8 is some 1e-2. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.exp(-x * x);
  return Math.sign(x) * (1 - tail);
}
