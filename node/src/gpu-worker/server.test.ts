import { toHex } from "@noema/core/bytes";
import { nullLogger } from "@noema/core/testing/null-ports";
import type { BatchBackend } from "@noema/precompiles/backend/batch-backend";
import { createBackend } from "@noema/precompiles/backend/create-backend";
import { createLocalBackend } from "@noema/precompiles/backend/local-backend";
import { openRemoteBackend } from "@noema/precompiles/backend/remote/client";
import { loadModel } from "@noema/precompiles/model/load";
import { runModel } from "@noema/precompiles/model/run-model";
import { createDraw } from "@noema/precompiles/testing/draw";
import { randomGraph } from "@noema/precompiles/testing/random-models";
import { afterEach, expect, it } from "vitest";
import { type GpuWorker, startGpuWorker } from "./server.ts";

const workers: GpuWorker[] = [];
afterEach(async () => {
  await Promise.all(workers.splice(0).map((x) => x.stop()));
});

async function start(backend: BatchBackend = createLocalBackend(createBackend("wasm"))): Promise<string> {
  const worker = await startGpuWorker({ host: "127.0.0.1", port: 0, hosts: [], backend, name: "a test", logger: nullLogger });
  workers.push(worker);
  return `http://127.0.0.1:${worker.port}`;
}

const graph = (seed: number) => {
  const { file, input } = randomGraph(createDraw(seed));
  return { model: loadModel(file), input };
};
const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

it("a validator's client gets the judge's bytes, models and all (20 random graphs, seeds 1 to 20)", async () => {
  const remote = await openRemoteBackend(await start());
  expect(remote.name).toContain("a test");
  for (let seed = 1; seed <= 20; seed++) {
    const { model, input } = graph(seed);
    const inputs = [input, new Uint8Array(input.length).fill(0x80), input];
    const outputs = await remote.submit(model, inputs);
    expect(outputs.map(toHex), `seed ${seed}`).toEqual(inputs.map((x) => toHex(runModel(model, x))));
  }
  remote.close();
});

it("answers nothing but what the wire says, each refusal with its code", async () => {
  const url = await start();
  const { model, input } = graph(3);
  const id = toHex(model.id);
  const ask = (method: string, path: string, body?: Uint8Array<ArrayBuffer>) => fetch(url + path, { method, body });
  expect(await codeOf(await ask("POST", `/models/${id}/infer`, Uint8Array.from(input)))).toBe("MODEL_UNKNOWN");
  expect(await codeOf(await ask("PUT", `/models/${"0".repeat(64)}`, Uint8Array.from(model.file)))).toBe("MODEL_DIGEST_MISMATCH");
  expect(await codeOf(await ask("PUT", `/models/${id}`, model.file.slice(0, 40)))).toMatch(/^MODEL_/);
  const large = await ask("PUT", `/models/${id}`, new Uint8Array(20 * 2 ** 20));
  expect([large.status, await codeOf(large)]).toEqual([400, "GPU_WORKER_REQUEST_INVALID"]);
  expect((await ask("PUT", `/models/${id}`, Uint8Array.from(model.file))).status).toBe(200);
  for (const bytes of [0, input.length + 1])
    expect(await codeOf(await ask("POST", `/models/${id}/infer`, new Uint8Array(bytes)))).toBe("MODEL_INPUT_INVALID");
  for (const [method, path] of [
    ["GET", `/models/${id}`],
    ["POST", "/models/x/infer"],
    ["DELETE", "/"],
  ] as const)
    expect(await codeOf(await ask(method, path))).toBe("GPU_WORKER_REQUEST_INVALID");
  const page = await fetch(url, { headers: { origin: "https://a.example" } });
  expect([page.status, await codeOf(page)]).toEqual([403, "RPC_ORIGIN_REFUSED"]);
});

it("refuses the ninth request at once, and serves again when one has ended", async () => {
  const { model, input } = graph(5);
  const waiting: (() => void)[] = [];
  const url = await start({ submit: () => new Promise((resolve) => waiting.push(() => resolve([runModel(model, input)]))) });
  const path = `${url}/models/${toHex(model.id)}`;
  await fetch(path, { method: "PUT", body: Uint8Array.from(model.file) });
  const infer = () => fetch(`${path}/infer`, { method: "POST", body: Uint8Array.from(input) });
  const all = Array.from({ length: 9 }, infer);
  const refused = await Promise.race(all); // eight wait until they are let go
  expect([refused.status, await codeOf(refused)]).toEqual([503, "BACKEND_BUSY"]);
  while (waiting.length < 8) await new Promise(setImmediate);
  for (const go of waiting.splice(0)) go();
  const answers = await Promise.all(all);
  expect(answers.map((x) => x.status).sort()).toEqual([...Array(8).fill(200), 503]);
});

it("what is not there, is none, or answers too much is an error with a code; nothing hangs", async () => {
  const { model, input } = graph(7);
  await expect(openRemoteBackend(undefined)).rejects.toMatchObject({ code: "BACKEND_UNAVAILABLE" });
  await expect(openRemoteBackend("http://127.0.0.1:1")).rejects.toMatchObject({ code: "BACKEND_UNAVAILABLE" });
  const wide = await openRemoteBackend(await start({ submit: async () => [new Uint8Array(2 ** 20)] }));
  await expect(wide.submit(model, [input])).rejects.toMatchObject({ code: "BACKEND_LOST" });
  const short = await openRemoteBackend(await start({ submit: async () => [] }));
  await expect(short.submit(model, [input])).rejects.toMatchObject({ code: "BACKEND_LOST" });
});
