/** `npm run bench -- <scenario>`. */
import { parseArgs } from "node:util";
import { describeMachine } from "./machine.ts";
import { idle } from "./scenarios/idle.ts";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: "string" }, settle: { type: "string" }, validators: { type: "string" } },
});

process.stdout.write(`${describeMachine()}\n`);
switch (positionals[0]) {
  case "idle":
    await idle({
      seconds: Number(values.seconds ?? 120),
      settle: Number(values.settle ?? 300),
      validators: Number(values.validators ?? 4),
    });
    break;
  default:
    process.stderr.write("usage: npm run bench -- idle [--seconds N] [--settle N] [--validators N]\n");
    process.exitCode = 1;
}
