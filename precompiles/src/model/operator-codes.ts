/** Operator set 1 (inference.md section 2). A code never changes its meaning; codes without a layer in layers/ are reserved. */
export const OPERATOR_CODES = {
  CONV2D: 1,
  DWCONV2D: 2,
  DENSE: 3,
  MATMUL: 4,
  ADD: 5,
  MUL: 6,
  MAXPOOL: 7,
  AVGPOOL: 8,
  LUT8: 9,
  SOFTMAX: 10,
  LAYERNORM: 11,
  RMSNORM: 12,
  GATHER: 13,
  CONCAT: 14,
  SLICE: 15,
  PAD: 16,
  TRANSPOSE: 17,
  RESHAPE: 18,
  ARGMAX: 19,
  TOPK: 20,
} as const;

export type OperatorName = keyof typeof OPERATOR_CODES;

const NAMES = new Map<number, string>(Object.entries(OPERATOR_CODES).map(([name, code]) => [code, name]));

export function operatorName(code: number): string {
  return NAMES.get(code) ?? `operator ${code}`;
}
