/** What a scenario did on one node: every step is one thing that a user asks a tool for, timed from the call to the end of its wait. */
export type Result = {
  passed: number;
  failed: number;
  /** Of the failed ones, those that did not end by the deadline. */
  hung: number;
  /** Milliseconds of the steps that passed. */
  times: number[];
  /** Message -> how often. */
  faults: Record<string, number>;
  /** What else is worth a line in the report. */
  facts: string[];
};

/** Whoever waits longer than this for a transaction has given up. */
export const DEADLINE_MS = 60_000;

export class Steps {
  readonly result: Result = { passed: 0, failed: 0, hung: 0, times: [], faults: {}, facts: [] };

  /** Runs and counts one step; a step that throws or hangs is counted, and the scenario goes on. */
  async step<T>(name: string, run: () => Promise<T>, deadlineMs = DEADLINE_MS): Promise<T | undefined> {
    const started = performance.now();
    const { promise: deadline, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Hang(deadlineMs)), deadlineMs);
    try {
      const value = await Promise.race([run(), deadline]);
      this.pass(performance.now() - started);
      return value;
    } catch (error) {
      this.fail(name, error);
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  pass(ms?: number): void {
    this.result.passed++;
    if (ms !== undefined) this.result.times.push(ms);
  }

  fail(name: string, error: unknown): void {
    this.result.failed++;
    if (error instanceof Hang) this.result.hung++;
    const fault = `${name}: ${firstLine(error)}`;
    this.result.faults[fault] = (this.result.faults[fault] ?? 0) + 1;
  }

  fact(line: string): void {
    this.result.facts.push(line);
  }
}

class Hang extends Error {
  constructor(ms: number) {
    super(`no answer in ${ms / 1000} s`);
  }
}

const MAX_FAULT = 160;

/** Without hashes and addresses, so that equal faults count as one. */
function firstLine(error: unknown): string {
  const { shortMessage, message } = error as { shortMessage?: string; message?: string };
  const line = String(shortMessage ?? message ?? error).split("\n")[0] as string;
  return line.replace(/0x[0-9a-f]{8,}/gi, "0x…").slice(0, MAX_FAULT);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted.length === 0 ? Number.NaN : (sorted[Math.floor(sorted.length / 2)] as number);
}

/** A refusal that is right on several validators; throws any other. */
export function saysNeedsOne(error: unknown): void {
  if (!JSON.stringify(error, Object.getOwnPropertyNames(error)).includes("DEV_NEEDS_ONE_VALIDATOR")) throw error;
}

export function expect(condition: boolean, message: () => string): void {
  if (!condition) throw new Error(message());
}
