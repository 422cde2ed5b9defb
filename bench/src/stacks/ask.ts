/** Asks a stack in a process of its own. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Answer, Said } from "./answer.ts";
import type { Task } from "./respond.ts";
import type { Stack } from "./stacks.ts";

const RESPOND = fileURLToPath(new URL("./respond.ts", import.meta.url));
/** Of what a process says that fails. */
const KEPT_CHARACTERS = 2000;

/** `of`: by model. */
export type Answers = { name: string; of: Map<string, Answer[]> } | { failed: string };

/** `heard`: how many outputs there are of a model so far. */
export async function ask(
  { command, env, kind }: Stack,
  task: Omit<Task, "kind">,
  heard: (model: string, outputs: number) => void = () => {},
): Promise<Answers> {
  const [file, ...args] = command as [string, ...string[]];
  const child = spawn(file, [...args, RESPOND, JSON.stringify({ ...task, kind } satisfies Task)], { env: { ...process.env, ...env } });
  let complaint = "";
  child.stderr.on("data", (text) => {
    complaint = (complaint + text).slice(-KEPT_CHARACTERS);
  });
  const ended = new Promise<string | undefined>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("exit", (code, signal) => resolve(code === 0 ? undefined : (signal ?? `exit code ${code}`)));
  });
  const of = new Map<string, Answer[]>();
  let [name, model, outputs, done] = ["", "", 0, false];
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line) as Said;
    if ("stack" in said) name = said.stack;
    else if ("done" in said) done = true;
    else if ("model" in said) {
      [model, outputs] = [said.model, 0];
      of.set(model, []);
    } else {
      of.get(model)?.push(said);
      outputs += said.outputs.length;
      heard(model, outputs);
    }
  }
  const why = await ended;
  if (why !== undefined || !done) return { failed: `${why ?? "it ended early"}: ${lastError(complaint)}` };
  return { name, of };
}

/** The line that names the error, of what Node writes when it ends by one. */
function lastError(text: string): string {
  const lines = text.split("\n").map((x) => x.trim());
  return lines.findLast((x) => /^\w*Error\b/.test(x)) ?? lines.findLast((x) => x !== "") ?? "it said nothing";
}
