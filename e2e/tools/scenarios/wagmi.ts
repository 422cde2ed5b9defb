/** wagmi's core as a page uses it: a wallet's connector, reads, writes, waits and watches. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { token } from "../../harness/artifacts.ts";
import { createProject, runSteps } from "../project.ts";
import { everyStep, type Scenario } from "../scenario.ts";

export const wagmiScenario: Scenario = {
  name: "wagmi",
  async run(node, steps) {
    const project = await createProject(node, "wagmi");
    writeFileSync(join(project, "token.json"), JSON.stringify(token));
    await runSteps(node, project, "run.js", steps);
  },
  judge: everyStep,
};
