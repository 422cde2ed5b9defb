/** A seeded choice of moments and victims: a failing run is repeated with NOEMA_SEED. */

/** How often a test of faults goes round: few times in `.ci/run`, where NOEMA_ROUNDS says nothing. */
export const roundsOf = (few: number): number => Number(process.env.NOEMA_ROUNDS ?? few);

export type SeededRandom = { seed: number; below(n: number): number; shuffle<T>(items: readonly T[]): T[] };

/** mulberry32; the seed is printed: NOEMA_SEED's, else `usual`, else another one each time. */
export function createSeededRandom(test: string, usual = Date.now() % 1_000_000): SeededRandom {
  const seed = Number(process.env.NOEMA_SEED ?? usual);
  process.stdout.write(`${test}: seed ${seed}\n`);
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  const below = (n: number) => next() % n;
  return {
    seed,
    below,
    shuffle(items) {
      const shuffled = [...items];
      for (let i = shuffled.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [shuffled[i], shuffled[j]] = [shuffled[j] as never, shuffled[i] as never];
      }
      return shuffled;
    },
  };
}
