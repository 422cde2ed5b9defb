/** Tells the test command what is running and how it ended; what a person reads of a test is vitest's own report. */
import type { Reporter, TestCase, TestModule } from "vitest/node";

export type TestEvent =
  | { kind: "run"; files: number }
  | { kind: "file" | "fileEnd"; file: string }
  | { kind: "test"; file: string; test: string }
  | { kind: "testEnd"; result: "passed" | "failed" | "skipped" };

const tell = (event: TestEvent) => void process.send?.(event);
const pathOf = (module: TestModule) => module.relativeModuleId;

export default class EventReporter implements Reporter {
  onTestRunStart(specifications: readonly unknown[]) {
    tell({ kind: "run", files: specifications.length });
  }
  onTestModuleQueued(module: TestModule) {
    tell({ kind: "file", file: pathOf(module) });
  }
  onTestModuleEnd(module: TestModule) {
    tell({ kind: "fileEnd", file: pathOf(module) });
  }
  onTestCaseReady(test: TestCase) {
    tell({ kind: "test", file: pathOf(test.module), test: test.name });
  }
  onTestCaseResult(test: TestCase) {
    const { state } = test.result();
    tell({ kind: "testEnd", result: state === "pending" ? "skipped" : state });
  }
}
