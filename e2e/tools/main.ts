import { command } from "./command.ts";

try {
  await command().parseAsync();
} catch (error) {
  process.stderr.write(`test-tools: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
