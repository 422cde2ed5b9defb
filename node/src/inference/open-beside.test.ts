import { createBackend } from "@noema/precompiles/backend/create-backend";
import { expect, it } from "vitest";
import { openBeside } from "./open-beside.ts";

const open = (backend: string, gpuWorker?: string) =>
  openBeside({ backend, gpuWorker, models: undefined }, createBackend("wasm"), () => expect.unreachable());

it("opens nothing beside WASM", async () => {
  expect(await open("wasm")).toBeUndefined();
});

it.each([
  ["wasm", "http://127.0.0.1:2", { code: "CONFIG_INVALID", message: expect.stringContaining("add --backend remote") }],
  ["remote", undefined, { code: "BACKEND_UNAVAILABLE", message: expect.stringContaining("--gpu-worker has to say") }],
  ["remote", "http://127.0.0.1:2", { code: "BACKEND_UNAVAILABLE", message: expect.stringContaining("127.0.0.1:2") }],
  ["tpu", undefined, { code: "BACKEND_UNAVAILABLE", message: expect.stringContaining("this build has wasm") }],
])("%s with the gpu-worker %s does not start", async (backend, gpuWorker, error) => {
  await expect(open(backend, gpuWorker)).rejects.toMatchObject(error);
});
