/**
 * The digit network in floats, with its gradient: conv 5x5 - relu - pool - conv 5x5 - relu - pool - dense - relu - dense.
 * Images are height, width, channel; weights are [k * k * in][out], so that every layer is one row-major product.
 */
import { createFloatKernels, type FloatKernels } from "./float-kernels.ts";
import { gaussian, type Random } from "./random.ts";

export const SHAPE = { c1: 16, c2: 48, d1: 96, classes: 10 } as const;
/** Rows of the last product are padded to a multiple of 4. */
const OUT = 12;
const K1 = 25;
const K2 = 25 * SHAPE.c1;
const FLAT = 16 * SHAPE.c2;

/** Parameter blocks: name, rows (0 for a bias), columns. */
export const BLOCKS = [
  ["w1", K1, SHAPE.c1],
  ["b1", 0, SHAPE.c1],
  ["w2", K2, SHAPE.c2],
  ["b2", 0, SHAPE.c2],
  ["w3", FLAT, SHAPE.d1],
  ["b3", 0, SHAPE.d1],
  ["w4", SHAPE.d1, OUT],
  ["b4", 0, OUT],
] as const;

export type Block = (typeof BLOCKS)[number][0];

const BUFFERS = {
  x: 784,
  cols1: 576 * K1,
  y1: 576 * SHAPE.c1,
  p1: 144 * SHAPE.c1,
  i1: 144 * SHAPE.c1,
  cols2: 64 * K2,
  y2: 64 * SHAPE.c2,
  p2: FLAT,
  i2: FLAT,
  y3: SHAPE.d1,
  y4: OUT,
  dy4: OUT,
  dy3: SHAPE.d1,
  dp2: FLAT,
  dy2: 64 * SHAPE.c2,
  dcols2: 64 * K2,
  dp1: 144 * SHAPE.c1,
  dy1: 576 * SHAPE.c1,
  w2t: K2 * SHAPE.c2,
  w3t: FLAT * SHAPE.d1,
  w4t: SHAPE.d1 * OUT,
};

type Buffer = keyof typeof BUFFERS;

export interface Network {
  kernels: FloatKernels;
  /** f32 index of the parameters, their gradients and Adam's two moments: four arrays of `count`. */
  parameters: Float32Array;
  count: number;
  base: { w: number; g: number; m: number; v: number };
  /** Byte addresses. */
  param: Record<Block, number>;
  grad: Record<Block, number>;
  at: Record<Buffer, number>;
  floats(buffer: Buffer): Float32Array;
}

export async function createNetwork(random: Random): Promise<Network> {
  const count = BLOCKS.reduce((n, [, rows, columns]) => n + Math.max(rows, 1) * columns, 0);
  let next = 1024;
  const take = (n: number) => {
    const address = next;
    next += Math.ceil(n / 4) * 16 + 64;
    return address;
  };
  const base = { w: take(count), g: take(count), m: take(count), v: take(count) };
  const at = Object.fromEntries(Object.entries(BUFFERS).map(([name, n]) => [name, take(n)])) as Record<Buffer, number>;
  const { kernels, memory } = await createFloatKernels(next);
  const param = {} as Record<Block, number>;
  const grad = {} as Record<Block, number>;
  let offset = 0;
  const parameters = new Float32Array(memory, base.w, count);
  for (const [name, rows, columns] of BLOCKS) {
    param[name] = base.w + 4 * offset;
    grad[name] = base.g + 4 * offset;
    if (rows > 0) initialise(parameters.subarray(offset, offset + rows * columns), rows, random);
    offset += Math.max(rows, 1) * columns;
  }
  return { kernels, parameters, count, base, param, grad, at, floats: (name) => new Float32Array(memory, at[name], BUFFERS[name]) };
}

/** He et al. 2015. */
function initialise(weights: Float32Array, fanIn: number, random: Random): void {
  const deviation = Math.sqrt(2 / fanIn);
  for (let i = 0; i < weights.length; i++) weights[i] = deviation * gaussian(random);
}

export function parameterBlock(net: Network, name: Block): Float32Array {
  const [, rows, columns] = BLOCKS.find(([n]) => n === name)!;
  const from = (net.param[name] - net.base.w) / 4;
  return net.parameters.subarray(from, from + Math.max(rows, 1) * columns);
}

/** From `x` to the logits in `y4`; `drop` may zero and scale the dense layer's output. */
export function forward(net: Network, drop?: (y3: Float32Array) => void): Float32Array {
  const { kernels: k, at, param } = net;
  k.im2col(at.x, 28, 1, 5, at.cols1);
  k.fillRows(at.y1, 576, SHAPE.c1, param.b1);
  k.gemm(576, SHAPE.c1, K1, at.cols1, K1, 1, param.w1, SHAPE.c1, at.y1, SHAPE.c1);
  k.relu(at.y1, 576 * SHAPE.c1);
  k.pool(at.y1, 24, SHAPE.c1, at.p1, at.i1);
  k.im2col(at.p1, 12, SHAPE.c1, 5, at.cols2);
  k.fillRows(at.y2, 64, SHAPE.c2, param.b2);
  k.gemm(64, SHAPE.c2, K2, at.cols2, K2, 1, param.w2, SHAPE.c2, at.y2, SHAPE.c2);
  k.relu(at.y2, 64 * SHAPE.c2);
  k.pool(at.y2, 8, SHAPE.c2, at.p2, at.i2);
  k.fillRows(at.y3, 1, SHAPE.d1, param.b3);
  k.gemm(1, SHAPE.d1, FLAT, at.p2, FLAT, 1, param.w3, SHAPE.d1, at.y3, SHAPE.d1);
  k.relu(at.y3, SHAPE.d1);
  drop?.(net.floats("y3"));
  k.fillRows(at.y4, 1, OUT, param.b4);
  k.gemm(1, OUT, SHAPE.d1, at.y3, SHAPE.d1, 1, param.w4, OUT, at.y4, OUT);
  return net.floats("y4").subarray(0, SHAPE.classes);
}

/** Weights as the backward pass reads them; once a batch. */
export function transposeWeights(net: Network): void {
  const { kernels: k, at, param } = net;
  k.transpose(param.w2, K2, SHAPE.c2, at.w2t);
  k.transpose(param.w3, FLAT, SHAPE.d1, at.w3t);
  k.transpose(param.w4, SHAPE.d1, OUT, at.w4t);
}

/** Adds the gradient of the sample that `forward` saw, from `dy4`; `drop` undoes the mask of the dense layer. */
export function backward(net: Network, drop: (dy3: Float32Array) => void): void {
  const { kernels: k, at, grad } = net;
  k.sumRows(at.dy4, 1, OUT, grad.b4);
  k.gemm(SHAPE.d1, OUT, 1, at.y3, 1, SHAPE.d1, at.dy4, OUT, grad.w4, OUT);
  net.floats("dy3").fill(0);
  k.gemm(1, SHAPE.d1, OUT, at.dy4, OUT, 1, at.w4t, SHAPE.d1, at.dy3, SHAPE.d1);
  drop(net.floats("dy3"));
  k.reluBack(at.y3, at.dy3, SHAPE.d1);
  k.sumRows(at.dy3, 1, SHAPE.d1, grad.b3);
  k.gemm(FLAT, SHAPE.d1, 1, at.p2, 1, FLAT, at.dy3, SHAPE.d1, grad.w3, SHAPE.d1);
  net.floats("dp2").fill(0);
  k.gemm(1, FLAT, SHAPE.d1, at.dy3, SHAPE.d1, 1, at.w3t, FLAT, at.dp2, FLAT);
  backwardConvolutions(net);
}

function backwardConvolutions(net: Network): void {
  const { kernels: k, at, grad } = net;
  net.floats("dy2").fill(0);
  k.poolBack(at.dp2, at.i2, FLAT, at.dy2);
  k.reluBack(at.y2, at.dy2, 64 * SHAPE.c2);
  k.sumRows(at.dy2, 64, SHAPE.c2, grad.b2);
  k.gemm(K2, SHAPE.c2, 64, at.cols2, 1, K2, at.dy2, SHAPE.c2, grad.w2, SHAPE.c2);
  net.floats("dcols2").fill(0);
  k.gemm(64, K2, SHAPE.c2, at.dy2, SHAPE.c2, 1, at.w2t, K2, at.dcols2, K2);
  net.floats("dp1").fill(0);
  k.col2im(at.dcols2, 12, SHAPE.c1, 5, at.dp1);
  net.floats("dy1").fill(0);
  k.poolBack(at.dp1, at.i1, 144 * SHAPE.c1, at.dy1);
  k.reluBack(at.y1, at.dy1, 576 * SHAPE.c1);
  k.sumRows(at.dy1, 576, SHAPE.c1, grad.b1);
  k.gemm(K1, SHAPE.c1, 576, at.cols1, 1, K1, at.dy1, SHAPE.c1, grad.w1, SHAPE.c1);
}
