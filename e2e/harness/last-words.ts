/** Loaded before each file: a test that fails shows what its processes said last. */
import { afterEach } from "vitest";
import { allLastWords } from "./processes.ts";

afterEach(({ task }) => {
  const words = task.result?.state === "fail" ? allLastWords() : "";
  if (words !== "") process.stdout.write(`"${task.name}" failed; its processes said last:\n${words}\n`);
});
