/** A batch back end in a process of its own (webgpu/serve.ts), which may end without taking this one along. */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { toHex } from "@noema/core/bytes";
import { fail, precompileError } from "../errors.ts";
import type { LoadedModel } from "../model/load.ts";
import { checkInput } from "../model/run-model.ts";
import type { OpenBackend } from "./batch-backend.ts";
import type { GpuCall, GpuSaid } from "./webgpu/messages.ts";

type Answer = Extract<GpuSaid, { call: number }>;
type Waiting = { resolve(answer: Answer): void; reject(error: unknown): void };

/** The first shaders of a driver take seconds, of one in software on a busy machine minutes. */
const START_MS = 180_000;

/** `entry`: of the process, `folder`: its argument. Rejects with BACKEND_UNAVAILABLE where no GPU can be used. */
export async function openProcessBackend(entry: URL, folder: string): Promise<OpenBackend & { pid: number }> {
  const child = fork(fileURLToPath(entry), [folder], {
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    execArgv: [],
  });
  const name = await ready(child).catch((error) => {
    child.kill("SIGKILL");
    throw error;
  });
  const waiting = new Map<number, Waiting>();
  const known = new Set<string>();
  let calls = 0;
  let lost: Error | undefined;
  const lose = (why: unknown) => {
    lost ??= precompileError("BACKEND_LOST", `the process of the back end ended: ${why}`, {});
    for (const { reject } of waiting.values()) reject(lost);
    waiting.clear();
  };
  child.on("error", lose).on("exit", (code, signal) => lose(signal ?? code));
  child.on("message", (answer: Answer) => {
    waiting.get(answer.call)?.resolve(answer);
    waiting.delete(answer.call);
  });
  const ask = (model: LoadedModel, inputs: readonly Uint8Array[], withFile: boolean) =>
    new Promise<Answer>((resolve, reject) => {
      if (lost !== undefined) return reject(lost);
      const call = calls++;
      waiting.set(call, { resolve, reject });
      // A copy: shared memory cannot cross to another process.
      const file = withFile ? Uint8Array.from(model.file) : undefined;
      child.send({ call, id: model.id, file, inputs } satisfies GpuCall, (error) => error && lose(error.message));
    });
  return {
    name,
    pid: child.pid as number,
    async submit(model, inputs) {
      for (const input of inputs) checkInput(model, input);
      const id = toHex(model.id);
      let answer = await ask(model, inputs, !known.has(id));
      known.add(id);
      if ("failed" in answer && answer.failed === "unknown") answer = await ask(model, inputs, true);
      if ("outputs" in answer) return answer.outputs;
      if (answer.failed === "unfit") fail("BACKEND_MODEL_UNFIT", "the model does not fit this GPU", { id });
      throw precompileError("BACKEND_LOST", `the back end gave no results: ${JSON.stringify(answer.failed)}`, {});
    },
    close() {
      child.kill("SIGKILL");
    },
  };
}

/** What its GPU is called. */
function ready(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const unavailable = (why: string) => reject(precompileError("BACKEND_UNAVAILABLE", why, { name: "webgpu" }));
    const timer = setTimeout(() => unavailable(`back end webgpu: it was not ready after ${START_MS / 1000} s`), START_MS);
    child.once("message", (said: GpuSaid) => {
      clearTimeout(timer);
      if ("ready" in said) resolve(said.ready.name);
      else unavailable("unavailable" in said ? said.unavailable : "back end webgpu: its process said something else");
    });
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      unavailable(`back end webgpu: its process ended with ${signal ?? code}`);
    });
    child.once("error", (error) => unavailable(`back end webgpu: ${error.message}`));
  });
}
