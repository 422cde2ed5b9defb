/** A stack's process, under whatever runs it: is asked by its argument, and says its answers on standard output, a line of JSON each. */
import { answerOf, type Said } from "./answer.ts";
import { type Kind, openStack } from "./answering.ts";
import { questionsOf } from "./questions.ts";

/** `seconds`: of a model, after its first batch, for which a driver may compile; then its turn ends. */
export type Task = { kind: Kind; models: readonly string[]; seed: number; inputs: number; seconds: number; webgpu: string };

const say = (said: Said) => process.stdout.write(`${JSON.stringify(said)}\n`);

const { kind, models, seed, inputs, seconds, webgpu } = JSON.parse(process.argv[2] as string) as Task;
const stack = await openStack(kind, webgpu);
say({ stack: stack.name });
for (const model of models) {
  say({ model });
  let deadline = Number.POSITIVE_INFINITY;
  for (const question of questionsOf(model, seed, inputs)) {
    if (performance.now() >= deadline) break;
    say(answerOf(question, await stack.outputs(question, deadline)));
    if (deadline === Number.POSITIVE_INFINITY) deadline = performance.now() + 1000 * seconds;
  }
}
process.stdout.write(`${JSON.stringify({ done: true } satisfies Said)}\n`, () => process.exit(0)); // Dawn's threads keep a process alive
