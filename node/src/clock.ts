import type { Clock } from "@noema/core/ports/clock";

const LONGEST_MS = 2 ** 31 - 1; // setTimeout runs at once beyond it

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after(ms, run) {
    let timer: NodeJS.Timeout;
    const wait = (left: number) => {
      timer = left > LONGEST_MS ? setTimeout(() => wait(left - LONGEST_MS), LONGEST_MS) : setTimeout(run, left);
    };
    wait(ms);
    return () => clearTimeout(timer);
  },
};
