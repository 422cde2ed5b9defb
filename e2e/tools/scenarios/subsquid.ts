/** Subsquid's processor over a token on the node, its calls by `debug_*` and by `trace_*`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createProject, runSteps } from "../project.ts";
import { everyStep, type Scenario } from "../scenario.ts";
import { createTransfers } from "../token.ts";

export const subsquidScenario: Scenario = {
  name: "Subsquid",
  async run(node, steps) {
    const project = await createProject(node, "squid");
    writeFileSync(join(project, "token.json"), JSON.stringify(await createTransfers(node.url)));
    for (const api of ["debug", "trace"]) await runSteps(node, project, "run.js", steps, [api]);
  },
  judge: everyStep,
};
