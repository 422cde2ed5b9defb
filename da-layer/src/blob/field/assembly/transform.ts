// The discrete Fourier transform of a position's elements, in place: decimation in time, so what comes is bit-reversed and what goes is in
// order. Sums are not reduced: a layer adds a product, so 2^28 at most, to a digit; only where the root is 1 digits double, and there both are
// settled first. So digits stay below 2^31 for up to 128 elements whose own are within 2^28, and the uppermost where values are within 1.5 p.
import { add, settle, sub } from "./element";
import { E, TEMPORARIES } from "./layout";
import { mul } from "./products";

/** Of what stands at TEMPORARIES and a. */
@inline function butterfly(a: usize, b: usize): void {
  sub(b, a, TEMPORARIES);
  add(a, a, TEMPORARIES);
}

@inline function withoutRoot(a: usize, b: usize): void {
  memory.copy(TEMPORARIES, b, E);
  butterfly(a, b);
}

/** `n` is a power of two, `roots` are w^0 to w^(n/2 - 1). */
export function transform(elements: usize, n: usize, roots: usize): void {
  if (n == 1) return;
  const end = elements + n * E;
  for (let a = elements; a < end; a += 2 * E) withoutRoot(a, a + E);
  for (let half: usize = 2; half < n; half <<= 1) {
    const distance = half * E, step = n / (2 * half) * E;
    for (let group = elements; group < end; group += 2 * distance) {
      settle(group);
      settle(group + distance);
      withoutRoot(group, group + distance);
      let root = roots + step;
      for (let a = group + E; a < group + distance; a += E) {
        mul(TEMPORARIES, a + distance, root);
        butterfly(a, a + distance);
        root += step;
      }
    }
  }
}

/** Of the bits below `n`. */
export function reversed(i: usize, n: usize): usize {
  let r: usize = 0;
  for (let bit: usize = 1; bit < n; bit <<= 1) {
    r = r << 1 | i & 1;
    i >>= 1;
  }
  return r;
}
