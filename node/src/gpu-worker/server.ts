/** `noema gpu-worker`: serves `.nmodel` inference to validators without a GPU (precompiles/src/backend/remote/wire.ts). It holds no state of any chain. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { isNoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Logger } from "@noema/core/ports/logger";
import type { BatchBackend } from "@noema/precompiles/backend/batch-backend";
import { MAX_INFER_BYTES } from "@noema/precompiles/backend/remote/wire";
import { precompileError } from "@noema/precompiles/errors";
import { MAX_HEADER_BYTES, MAX_WEIGHT_BYTES } from "@noema/precompiles/format/limits";
import { rowOf } from "../error-rows.ts";
import { readBody } from "../rpc/http/body.ts";
import { OWN_PORT_HEADERS, type OwnPort, openOwnPort } from "../web/own-port.ts";
import { createModels } from "./models.ts";

export type GpuWorkerOptions = {
  host: string;
  port: number;
  hosts: readonly string[];
  backend: BatchBackend;
  name: string;
  logger: Logger;
};
export type GpuWorker = OwnPort;

/** Requests whose bodies are here, or being read: above it the newcomer is refused. */
const MOST_AT_ONCE = 8;
const REQUEST_TIMEOUT_MS = 60_000;
/** A validator's batches may be as far apart as its blocks. */
const KEEP_ALIVE_MS = 60_000;
const MODEL_PATH = /^\/models\/([0-9a-f]{64})(\/infer)?$/;
const BYTES = { ...OWN_PORT_HEADERS, "content-type": "application/octet-stream" };

/** Throws PORT_IN_USE, HOST_UNUSABLE, LISTEN_FAILED. */
export function startGpuWorker(o: GpuWorkerOptions): Promise<GpuWorker> {
  const models = createModels();
  let atOnce = 0;

  async function bodyOf(request: IncomingMessage, limit: number): Promise<Bytes> {
    const read = await readBody(request, limit);
    if ("body" in read) return new Uint8Array(read.body);
    throw precompileError("GPU_WORKER_REQUEST_INVALID", `a body of more than ${limit} bytes`, { limit });
  }

  async function bytesFor(request: IncomingMessage): Promise<Bytes> {
    const [, id, infer] = MODEL_PATH.exec(request.url ?? "") ?? [];
    if (id !== undefined && infer === undefined && request.method === "PUT") {
      models.add(id, await bodyOf(request, MAX_HEADER_BYTES + MAX_WEIGHT_BYTES));
      return new Uint8Array(0);
    }
    if (id === undefined || infer === undefined || request.method !== "POST")
      throw precompileError("GPU_WORKER_REQUEST_INVALID", `${request.method} ${request.url?.slice(0, 100)}: nothing is asked that way`, {});
    const model = models.find(id);
    const body = await bodyOf(request, MAX_INFER_BYTES);
    const count = body.length / model.inputBytes;
    if (count === 0 || !Number.isInteger(count) || count * model.outputBytes > MAX_INFER_BYTES)
      throw precompileError("MODEL_INPUT_INVALID", `${body.length} bytes where inputs of ${model.inputBytes} are expected`, {});
    const inputs = Array.from({ length: count }, (_, i) => body.subarray(i * model.inputBytes, (i + 1) * model.inputBytes));
    return new Uint8Array(Buffer.concat(await o.backend.submit(model, inputs)));
  }

  function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    const row = isNoemaError(error) ? rowOf(error.code) : undefined;
    if (!isNoemaError(error)) o.logger.log("error", "a request failed", { error: String(error) });
    const said = isNoemaError(error) ? { code: error.code, message: error.message } : { code: "RPC_INTERNAL", message: "internal error" };
    request.resume();
    response.writeHead(row?.http ?? 500, { ...BYTES, "content-type": "application/json" }).end(JSON.stringify(said));
  }

  return openOwnPort({
    ...{
      name: "gpu-worker",
      host: o.host,
      port: o.port,
      hosts: o.hosts,
      server: { requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS },
    },
    refuse: (response, refusal) => void response.writeHead(403, BYTES).end(JSON.stringify(refusal)),
    async answer(request, response) {
      if (request.method === "GET" && request.url === "/") return void response.writeHead(200, BYTES).end(JSON.stringify({ name: o.name }));
      atOnce++;
      try {
        if (atOnce > MOST_AT_ONCE) throw precompileError("BACKEND_BUSY", `${MOST_AT_ONCE} requests are in work`, {});
        const bytes = await bytesFor(request);
        response.writeHead(200, BYTES).end(bytes);
      } catch (error) {
        refuse(request, response, error);
      } finally {
        atOnce--;
      }
    },
  });
}
