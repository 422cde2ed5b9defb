/** `noema doctor`. */
import { rowsOf } from "@noema/core/option-table";
import { Command } from "commander";
import { nodeOptions } from "../../options.ts";
import { addOptions, givenBy, named } from "../named-options.ts";

const options = named(rowsOf(nodeOptions));

export function command(): Command {
  const doctor = new Command("doctor")
    .description(
      "Looks at what `noema start` with the same flags would stand on: clock, speed and room of the disk, limits, ports, peers, processor, GPU, memory. Each thing that is not right has a remedy. Nothing is started or changed; exit code 1 where something is bad.",
    )
    .option("--config <file>", "the configuration file (default: config.json of --datadir)")
    .option("--json", "print one JSON object", false);
  return addOptions(doctor, options).action(async ({ config, json }: { config?: string; json: boolean }) => {
    const given = givenBy(options, doctor);
    const { configFileOf, readNodeConfig } = await import("../../config.ts");
    const { examine } = await import("./examine.ts");
    const { shownFindings, worst } = await import("./finding.ts");
    const { doctorError } = await import("./errors.ts");
    const findings = await examine(readNodeConfig(configFileOf(config, given), given));
    const state = worst(findings);
    process.stdout.write(`${json ? JSON.stringify({ state, findings }) : shownFindings(findings)}\n`);
    const bad = findings.filter((x) => x.state === "bad").map(({ check }) => check);
    if (bad.length > 0) throw doctorError("DOCTOR_FOUND", bad.join(", "), { bad });
  });
}
