// @ts-nocheck: AssemblyScript, not TypeScript.
// Float kernels of the trainer. Nothing here is consensus: the model that a node runs has no floats.
// Addresses are byte offsets into linear memory; strides and sizes count f32.

/** C[M,N] += A[M,K] B[K,N]; A(i,k) = a[i * ars + k * acs]; rows of B and C are contiguous; N is a multiple of 4. */
export function gemm(M: i32, N: i32, K: i32, a: usize, ars: i32, acs: i32, b: usize, ldb: i32, c: usize, ldc: i32): void {
  let n = 0;
  for (; n + 8 <= N; n += 8) {
    let m = 0;
    for (; m + 4 <= M; m += 4) tile4x8(K, a + ((m * ars) << 2), ars << 2, acs << 2, b + (n << 2), ldb << 2, c + ((m * ldc + n) << 2), ldc << 2);
    for (; m < M; m++) {
      const cell = c + ((m * ldc + n) << 2);
      tile1x4(K, a + ((m * ars) << 2), acs << 2, b + (n << 2), ldb << 2, cell);
      tile1x4(K, a + ((m * ars) << 2), acs << 2, b + (n << 2) + 16, ldb << 2, cell + 16);
    }
  }
  for (; n < N; n += 4)
    for (let m = 0; m < M; m++) tile1x4(K, a + ((m * ars) << 2), acs << 2, b + (n << 2), ldb << 2, c + ((m * ldc + n) << 2));
}

function tile4x8(K: i32, a: usize, ars: usize, acs: usize, b: usize, ldb: usize, c: usize, ldc: usize): void {
  const c1 = c + ldc;
  const c2 = c1 + ldc;
  const c3 = c2 + ldc;
  let s00 = v128.load(c), s01 = v128.load(c, 16);
  let s10 = v128.load(c1), s11 = v128.load(c1, 16);
  let s20 = v128.load(c2), s21 = v128.load(c2, 16);
  let s30 = v128.load(c3), s31 = v128.load(c3, 16);
  let a1 = a + ars, a2 = a + 2 * ars, a3 = a + 3 * ars;
  for (let k = 0; k < K; k++) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load_splat<u32>(a);
    s00 = f32x4.add(s00, f32x4.mul(x, b0));
    s01 = f32x4.add(s01, f32x4.mul(x, b1));
    x = v128.load_splat<u32>(a1);
    s10 = f32x4.add(s10, f32x4.mul(x, b0));
    s11 = f32x4.add(s11, f32x4.mul(x, b1));
    x = v128.load_splat<u32>(a2);
    s20 = f32x4.add(s20, f32x4.mul(x, b0));
    s21 = f32x4.add(s21, f32x4.mul(x, b1));
    x = v128.load_splat<u32>(a3);
    s30 = f32x4.add(s30, f32x4.mul(x, b0));
    s31 = f32x4.add(s31, f32x4.mul(x, b1));
    a += acs; a1 += acs; a2 += acs; a3 += acs;
    b += ldb;
  }
  v128.store(c, s00); v128.store(c, s01, 16);
  v128.store(c1, s10); v128.store(c1, s11, 16);
  v128.store(c2, s20); v128.store(c2, s21, 16);
  v128.store(c3, s30); v128.store(c3, s31, 16);
}

function tile1x4(K: i32, a: usize, acs: usize, b: usize, ldb: usize, c: usize): void {
  let s = v128.load(c);
  for (let k = 0; k < K; k++) {
    s = f32x4.add(s, f32x4.mul(v128.load_splat<u32>(a), v128.load(b)));
    a += acs;
    b += ldb;
  }
  v128.store(c, s);
}

/** Patches of a size x size x channels image, valid k x k convolution, one row of k * k * channels for each output pixel. */
export function im2col(image: usize, size: i32, channels: i32, k: i32, out: usize): void {
  const side = size - k + 1;
  const run: usize = (k * channels) << 2;
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      for (let ky = 0; ky < k; ky++) {
        const from = image + ((((y + ky) * size + x) * channels) << 2);
        for (let i: usize = 0; i < run; i += 4) store<f32>(out + i, load<f32>(from + i));
        out += run;
      }
}

/** Adds every patch back to where it came from; channels is a multiple of 4. */
export function col2im(cols: usize, size: i32, channels: i32, k: i32, image: usize): void {
  const side = size - k + 1;
  const run: usize = (k * channels) << 2;
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      for (let ky = 0; ky < k; ky++) {
        const to = image + ((((y + ky) * size + x) * channels) << 2);
        for (let i: usize = 0; i < run; i += 16) v128.store(to + i, f32x4.add(v128.load(to + i), v128.load(cols + i)));
        cols += run;
      }
}

/** Every row of y[rows, n] becomes the bias; n is a multiple of 4. */
export function fillRows(y: usize, rows: i32, n: i32, bias: usize): void {
  for (let r = 0; r < rows; r++) {
    memory.copy(y, bias, n << 2);
    y += n << 2;
  }
}

export function relu(x: usize, n: i32): void {
  for (let i: usize = 0; i < <usize>(n << 2); i += 16) v128.store(x + i, f32x4.max(v128.load(x + i), f32x4.splat(0)));
}

/** dx is cleared where the activation is not positive. */
export function reluBack(x: usize, dx: usize, n: i32): void {
  for (let i: usize = 0; i < <usize>(n << 2); i += 16)
    v128.store(dx + i, v128.and(v128.load(dx + i), f32x4.gt(v128.load(x + i), f32x4.splat(0))));
}

/** 2 x 2 maximum of size x size x channels; index keeps the winner's address in the image. */
export function pool(image: usize, size: i32, channels: i32, out: usize, index: usize): void {
  const half = size >> 1;
  for (let y = 0; y < half; y++)
    for (let x = 0; x < half; x++)
      for (let c = 0; c < channels; c++) {
        let best = image + ((((2 * y) * size + 2 * x) * channels + c) << 2);
        const right = best + (channels << 2);
        const below = best + ((size * channels) << 2);
        const corner = below + (channels << 2);
        if (load<f32>(right) > load<f32>(best)) best = right;
        if (load<f32>(below) > load<f32>(best)) best = below;
        if (load<f32>(corner) > load<f32>(best)) best = corner;
        store<f32>(out, load<f32>(best));
        store<u32>(index, <u32>(best - image));
        out += 4;
        index += 4;
      }
}

/** dImage must be zero. */
export function poolBack(dOut: usize, index: usize, n: i32, dImage: usize): void {
  for (let i = 0; i < n; i++) {
    store<f32>(dImage + load<u32>(index), load<f32>(dOut));
    dOut += 4;
    index += 4;
  }
}

/** y[cols, rows] = x[rows, cols] transposed. */
export function transpose(x: usize, rows: i32, cols: i32, y: usize): void {
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < cols; c++) store<f32>(y + ((c * rows + r) << 2), load<f32>(x + ((r * cols + c) << 2)));
}

/** y[n] += sum of the rows of x[rows, n]; n is a multiple of 4. */
export function sumRows(x: usize, rows: i32, n: i32, y: usize): void {
  for (let r = 0; r < rows; r++)
    for (let i: usize = 0; i < <usize>(n << 2); i += 16) {
      v128.store(y + i, f32x4.add(v128.load(y + i), v128.load(x)));
      x += 16;
    }
}

/** Adam with decoupled weight decay on n parameters; the gradient is scaled, used and cleared. step = lr / (1 - b1^t), c2 = 1 / (1 - b2^t). */
export function adam(w: usize, g: usize, m: usize, v: usize, n: i32, scale: f32, step: f32, c2: f32, decay: f32): void {
  for (let i: usize = 0; i < <usize>(n << 2); i += 4) {
    const d = load<f32>(g + i) * scale;
    const first: f32 = <f32>0.9 * load<f32>(m + i) + <f32>0.1 * d;
    const second: f32 = <f32>0.999 * load<f32>(v + i) + <f32>0.001 * d * d;
    store<f32>(m + i, first);
    store<f32>(v + i, second);
    store<f32>(g + i, 0);
    const x = load<f32>(w + i);
    store<f32>(w + i, x - (step * first) / (sqrt<f32>(second * c2) + <f32>1e-8) - decay * x);
  }
}
