/** `bench stacks`: the same questions to every stack, each in processes of its own, and a table of what was compared. */

import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createProgress, type Progress } from "@noema/node/cli/progress";
import { repositoryRoot } from "@noema/node/paths";
import { describeMachine, machineNow } from "../machine.ts";
import type { Answer } from "./answer.ts";
import { type Answers, ask } from "./ask.ts";
import { compareAnswers } from "./compare.ts";
import { earlierCell } from "./earlier.ts";
import { ownModels } from "./questions.ts";
import type { StackCell, StacksRecord } from "./record.ts";
import { notes, table } from "./report.ts";
import { findStack, type Stack, type StackName, TITLES } from "./stacks.ts";

export type StacksOptions = {
  /** Of a .nmodel file each, beside those of this repository. */
  files: readonly string[];
  only?: readonly string[];
  stacks: readonly StackName[];
  seed: number;
  inputs: number;
  seconds: number;
  folder: string;
  webgpu: string;
  record: boolean;
};

/** Names of drivers that are no GPU. */
const SOFTWARE = /llvmpipe|swiftshader/i;
const CONTROL = fileURLToPath(new URL("./control.ts", import.meta.url));
const CONTROL_INPUTS = 100;

/** Resolves with whether nothing differed and the corrupt shader was caught where it could be tried. */
export async function measureStacks(o: StacksOptions): Promise<boolean> {
  const progress = createProgress();
  const machine = machineNow();
  progress.say(`${describeMachine(machine)}; seed ${o.seed}`);
  const models = [...ownModels(o.seed), ...o.files].filter((x) => o.only?.some((word) => x.includes(word)) ?? true);
  const answers = new Map<StackName, Answers>();
  // The judge and WASM always: the others are held against them.
  for (const name of new Set<StackName>(["judge", "wasm", ...o.stacks])) answers.set(name, await answersOf(name, models, o, progress));
  const record: StacksRecord = {
    ...{ format: "noema-stacks/1", command: "stacks", machine, at: new Date().toISOString() },
    ...{ seed: o.seed, inputs: o.inputs, seconds: o.seconds, stacks: o.stacks.map((x) => TITLES[x]) },
    rows: models.map((model) => ({ model: nameOf(model), cells: o.stacks.map((name) => cellOf(name, model, answers)) })),
    control: await controlOf(o, progress),
  };
  progress.say(`\n${table(record)}\n`);
  for (const note of notes(record)) progress.say(note);
  if (o.record) progress.say(`written: ${write(record)}`);
  const different = record.rows.flatMap(({ cells }) => cells).some((x) => !("missing" in x) && x.different > 0);
  return !different && ("missing" in record.control || record.control.different > 0);
}

const nameOf = (model: string) => basename(model, ".nmodel");

async function answersOf(name: StackName, models: readonly string[], o: StacksOptions, progress: Progress): Promise<Answers> {
  const found = findStack(name, o.folder);
  if ("missing" in found) {
    progress.say(`${found.name}: not run, ${found.missing}`);
    return { failed: found.missing };
  }
  let at = "starting";
  const { seed, inputs, seconds, webgpu } = o;
  const asking = ask(found, { models, seed, inputs, seconds, webgpu }, (model, outputs) => {
    at = `${nameOf(model)} ${outputs} of ${inputs}`;
  });
  const answers = await progress.during((s) => `${found.name}: ${at} ... ${s} s`, asking);
  if ("failed" in answers) progress.say(`${found.name}: not run, ${answers.failed}`);
  if (name !== "gpu" || "failed" in answers || !SOFTWARE.test(answers.name)) return answers;
  return { failed: `the system's driver is software (${answers.name})` };
}

function cellOf(name: StackName, model: string, answers: ReadonlyMap<StackName, Answers>): StackCell {
  const [own, judge, wasm] = [name, "judge", "wasm"].map((x) => answers.get(x as StackName)) as [Answers, Answers, Answers];
  if ("failed" in own) return (name === "gpu" ? earlierCell(nameOf(model)) : undefined) ?? { missing: own.failed };
  const of = (x: Answers) => ("failed" in x ? [] : (x.of.get(model) ?? []));
  return { ...compareAnswers(of(own), of(judge), of(wasm)), on: own.name };
}

async function controlOf({ folder, webgpu, seed, seconds }: StacksOptions, progress: Progress): Promise<StacksRecord["control"]> {
  const software = findStack("software", folder);
  const stack = "missing" in software ? (findStack("gpu", folder) as Stack) : software;
  const task = { models: ["digits"], seed, inputs: CONTROL_INPUTS, seconds, webgpu };
  const asking = ask({ ...stack, kind: "wgsl-corrupt" }, task);
  const wrong = await progress.during((s) => `a corrupt shader ... ${s} s`, asking);
  const right = await ask(findStack("judge", folder) as Stack, task);
  if ("failed" in wrong || "failed" in right) return { missing: "failed" in wrong ? wrong.failed : "the judge did not answer" };
  const [answers, judged] = [wrong, right].map(({ of }) => of.get("digits") as Answer[]) as [Answer[], Answer[]];
  const { different, inputs } = compareAnswers(answers, judged, []);
  const [file, ...args] = stack.command as [string, ...string[]];
  const { stdout, stderr } = spawnSync(file, [...args, CONTROL, webgpu], { env: { ...process.env, ...stack.env }, encoding: "utf8" });
  const refused: string | undefined = stdout === "" ? undefined : JSON.parse(stdout).refused;
  return { different: refused === undefined ? 0 : different, inputs, refused: refused ?? `IT SERVES ${stderr.slice(-300)}` };
}

function write(record: StacksRecord): string {
  const folder = join(repositoryRoot(), "bench", "records");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `stacks-${record.machine.commit.replaceAll(" ", "-")}.json`);
  writeFileSync(path, `${JSON.stringify(record, null, 1)}\n`);
  return path;
}
