import { command } from "./command.ts";

command()
  .parseAsync()
  .catch((error) => {
    process.stderr.write(`noema ps: ${error.message}${error.code === undefined ? "" : ` (${error.code})`}\n`);
    process.exitCode = 1;
  });
