/** Wall-clock milliseconds and one-shot timers; simulated in tests. */
export interface Clock {
  nowMs(): number;
  /** Runs `run` once after `ms`; the returned function cancels it. */
  after(ms: number, run: () => void): () => void;
}
