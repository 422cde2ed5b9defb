/** Whether a product of pairings is one: pairs come one by one, Miller loops run in chunks. */
import { CHUNK, G1, G2, type Mcl } from "./mcl.ts";

export type PairingProduct = {
  /** Where the next pair goes. Filled with two finite points of G1 and G2, `accept` takes it. */
  next(): { one: number; two: number };
  accept(): void;
  isOne(): boolean;
};

export function pairingProduct(mcl: Mcl): PairingProduct {
  const [product, factor] = mcl.scratch;
  let pairs = 0;
  let started = false;
  const flush = () => {
    if (pairs === 0) return;
    mcl._mclBn_millerLoopVec(started ? factor : product, mcl.g1s, mcl.g2s, pairs);
    if (started) mcl._mclBnGT_mul(product, product, factor);
    started = true;
    pairs = 0;
  };
  return {
    next: () => ({ one: mcl.g1s + pairs * G1, two: mcl.g2s + pairs * G2 }),
    accept() {
      pairs++;
      if (pairs === CHUNK) flush();
    },
    isOne() {
      if (!started && pairs === 1) return false; // not degenerate: of finite points of prime order it is never one
      flush();
      if (!started) return true;
      mcl._mclBn_finalExp(product, product);
      return mcl._mclBnGT_isOne(product) === 1;
    },
  };
}
