/** What the tests have come to, from the reporter's events: what is running now, and how many passed. */
import type { TestEvent } from "./reporter.ts";

export type Tally = {
  add(event: TestEvent): void;
  /** Undefined before the first test has ended. */
  now(): string;
  /** `N passed, N failed`, and how many were skipped, if any. */
  closing(): string;
};

export function createTally(clock: () => number = () => performance.now()): Tally {
  const running = new Map<string, { test?: string; since: number }>();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const ended = new Set<string>();
  let files = 0;
  return {
    add(event) {
      if (event.kind === "run") files += event.files;
      else if (event.kind === "file") running.set(event.file, { since: clock() });
      else if (event.kind === "test") {
        if (!ended.has(event.file)) running.set(event.file, { test: event.test, since: clock() }); // the worker's events may pass each other
      } else if (event.kind === "testEnd") counts[event.result]++;
      else {
        running.delete(event.file);
        ended.add(event.file);
      }
    },
    now() {
      if (files === 0) return "loading the tests";
      const tests = counts.passed + counts.failed + counts.skipped;
      const each = [...running].map(([file, { test, since }]) => {
        const seconds = Math.round((clock() - since) / 1000);
        return `${file}${test === undefined ? "" : ` > ${test}`} (${seconds} s)`;
      });
      return [`${ended.size} of ${files} files, ${tests} tests${counts.failed > 0 ? `, ${counts.failed} failed` : ""}`, ...each].join("; ");
    },
    closing() {
      const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
      return `${counts.passed} passed, ${counts.failed} failed${skipped}`;
    },
  };
}
