// @ts-nocheck: AssemblyScript, not TypeScript.
// The product of the float judge. Nothing here is consensus: a file has no floats.

/** C[m][n] += A[m][k] B[k][n], row-major; n is a multiple of 8. Addresses are bytes. */
export function gemm(m: i32, n: i32, k: i32, a: usize, b: usize, c: usize): void {
  const rowA = <usize>k << 2, rowB = <usize>n << 2;
  for (let column: usize = 0; column < rowB; column += 32) {
    let i = 0;
    for (; i + 4 <= m; i += 4) tile4x8(k, a + <usize>i * rowA, rowA, b + column, rowB, c + <usize>i * rowB + column);
    for (; i < m; i++) tile1x8(k, a + <usize>i * rowA, b + column, rowB, c + <usize>i * rowB + column);
  }
}

// prettier-ignore
function tile4x8(k: i32, a: usize, rowA: usize, b: usize, rowB: usize, c: usize): void {
  const c1 = c + rowB, c2 = c1 + rowB, c3 = c2 + rowB;
  let s00 = v128.load(c), s01 = v128.load(c, 16);
  let s10 = v128.load(c1), s11 = v128.load(c1, 16);
  let s20 = v128.load(c2), s21 = v128.load(c2, 16);
  let s30 = v128.load(c3), s31 = v128.load(c3, 16);
  let a1 = a + rowA, a2 = a1 + rowA, a3 = a2 + rowA;
  for (let i = 0; i < k; i++) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load_splat<u32>(a);
    s00 = f32x4.add(s00, f32x4.mul(x, b0)); s01 = f32x4.add(s01, f32x4.mul(x, b1));
    x = v128.load_splat<u32>(a1);
    s10 = f32x4.add(s10, f32x4.mul(x, b0)); s11 = f32x4.add(s11, f32x4.mul(x, b1));
    x = v128.load_splat<u32>(a2);
    s20 = f32x4.add(s20, f32x4.mul(x, b0)); s21 = f32x4.add(s21, f32x4.mul(x, b1));
    x = v128.load_splat<u32>(a3);
    s30 = f32x4.add(s30, f32x4.mul(x, b0)); s31 = f32x4.add(s31, f32x4.mul(x, b1));
    a += 4; a1 += 4; a2 += 4; a3 += 4; b += rowB;
  }
  v128.store(c, s00); v128.store(c, s01, 16);
  v128.store(c1, s10); v128.store(c1, s11, 16);
  v128.store(c2, s20); v128.store(c2, s21, 16);
  v128.store(c3, s30); v128.store(c3, s31, 16);
}

function tile1x8(k: i32, a: usize, b: usize, rowB: usize, c: usize): void {
  let s0 = v128.load(c), s1 = v128.load(c, 16);
  for (let i = 0; i < k; i++) {
    const x = v128.load_splat<u32>(a);
    s0 = f32x4.add(s0, f32x4.mul(x, v128.load(b)));
    s1 = f32x4.add(s1, f32x4.mul(x, v128.load(b, 16)));
    a += 4; b += rowB;
  }
  v128.store(c, s0); v128.store(c, s1, 16);
}
