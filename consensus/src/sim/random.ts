/** Everything random in a run comes from here: mulberry32 from the seed. */
export type Random = {
  /** Integer in [from, to]. */
  int(from: number, to: number): number;
  chance(probability: number): boolean;
  choose<T>(from: readonly T[]): T;
  shuffle<T>(items: readonly T[]): T[];
  bytes(n: number): Uint8Array;
};

export function createRandom(seed: number): Random {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  const int = (from: number, to: number) => from + (next() % (to - from + 1));
  return {
    int,
    chance: (probability) => next() < probability * 2 ** 32,
    choose: (from) => from[int(0, from.length - 1)] as (typeof from)[number],
    shuffle(items) {
      const out = [...items];
      for (let i = out.length - 1; i > 0; i--) {
        const j = int(0, i);
        [out[i], out[j]] = [out[j] as (typeof out)[number], out[i] as (typeof out)[number]];
      }
      return out;
    },
    bytes: (n) => Uint8Array.from({ length: n }, () => next() & 255),
  };
}
