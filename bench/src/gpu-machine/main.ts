/** What `run` of the archive starts (pack.ts): beside it lies all that it needs. Not a command: its arguments are few. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { repositoryRoot } from "@noema/node/paths";
import { machineNow } from "../machine.ts";
import { measureGpuMachine } from "./measure.ts";
import { PACKED_FILE, PARTS } from "./packed.ts";

const { values } = parseArgs({
  options: {
    out: { type: "string", default: "." },
    seed: { type: "string", default: "1" },
    only: { type: "string", default: PARTS.join(",") },
  },
});
const { commit } = JSON.parse(readFileSync(join(repositoryRoot(), PACKED_FILE), "utf8")) as { commit: string };
const options = { out: values.out, seed: Number(values.seed), only: values.only.split(",") };
const measured = measureGpuMachine({
  ...options,
  machine: { ...machineNow(), commit },
  webgpu: join(repositoryRoot(), "precompiles", "gpu"),
});
measured.then((good) => process.exit(good ? 0 : 1)); // Dawn's threads keep a process alive
