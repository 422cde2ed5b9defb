import { requantise } from "../shared/requantise.ts";
import type { Matmul } from "./layer.ts";

export function runMatmul(layer: Matmul, y: Int8Array, a: Int8Array, b: Int8Array): void {
  const { input, others, output, batch, m, k, n, transposed, multiplier, requantisation } = layer;
  const [za, zb] = [input.zeroPoint, others[0].zeroPoint];
  for (let matrix = 0; matrix < batch; matrix++)
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++) {
        let acc = 0;
        for (let l = 0; l < k; l++) {
          const right = transposed ? j * k + l : l * n + j;
          acc += (a[(matrix * m + i) * k + l]! - za) * (b[matrix * k * n + right]! - zb);
        }
        y[(matrix * m + i) * n + j] = requantise(acc, multiplier, requantisation, output.zeroPoint);
      }
}
