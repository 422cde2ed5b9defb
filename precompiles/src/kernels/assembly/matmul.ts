import * as op from "./descriptor";
import { scaled, timesShifted } from "./requantise";

export function matmul(d: usize): void {
  const m = op.height(d), k = op.channels(d), n = op.outChannels(d);
  const za = op.zeroX(d), zb = op.zeroOther(d);
  const along = op.transposed(d) ? 1 : n, across = op.transposed(d) ? k : 1;
  let a = op.x(d), b = op.other(d), y = op.y(d);
  for (let batch = op.batch(d); batch > 0; batch--) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let acc = 0;
        for (let l = 0; l < k; l++) acc += (<i32>load<i8>(a + l) - za) * (<i32>load<i8>(b + l * along + j * across) - zb);
        store<i8>(y + j, <i8>scaled(d, timesShifted(acc, op.multiplierA(d))));
      }
      a += k;
      y += n;
    }
    b += k * n;
  }
}
