/**
 * Method calls between threads: `expose` an object on one end of a port, `connect` to it from the other. Arguments and
 * results are structured-cloned; errors cross with code, message and data. When the other thread dies, pending calls fail.
 */
import type { MessagePort, Worker } from "node:worker_threads";
import { NoemaError, remadeError } from "@noema/core/errors";
import { nodeError } from "../errors.ts";

type Call = { id: number; method: string; args: unknown[] };
type CrossingError = { name: string; message: string; code?: string; data?: Record<string, unknown>; stack?: string };
type Answer = { id: number; result?: unknown; error?: CrossingError };
/** Either end of a thread boundary. */
export type Port = MessagePort | Worker;

// biome-ignore lint/suspicious/noExplicitAny: any function is a method
type Methods = Record<string, (...args: any[]) => unknown>;

/** How a message is sent: its bytes are cloned, unless transfer.ts hands them over. */
export type Post = (port: Port, message: unknown) => void;
const postClone: Post = (port, message) => port.postMessage(message);

export type ExposeOptions = {
  rest?: () => object;
  post?: Post;
  /** Makes the call. */
  around?: (method: string, call: () => unknown) => unknown;
};

/** Answers calls of the own methods of `target`, and of those of what `rest` gives at the time, and no others. */
export function expose(port: Port, target: object, { rest, post = postClone, around = (_, call) => call() }: ExposeOptions = {}): void {
  port.on("message", async ({ id, method, args }: Call) => {
    try {
      const methods = (Object.hasOwn(target, method) ? target : (rest?.() ?? {})) as Methods;
      if (!Object.hasOwn(methods, method)) throw new Error(`no method ${method}`);
      const result = await around(method, () => (methods[method] as Methods[string])(...args));
      post(port, { id, result } satisfies Answer);
    } catch (error) {
      answerError(port, id, error);
    }
  });
}

function answerError(port: Port, id: number, error: unknown): void {
  const crossing = toCrossing(error);
  try {
    port.postMessage({ id, error: crossing } satisfies Answer);
  } catch {
    port.postMessage({ id, error: { ...crossing, data: {} } } satisfies Answer); // its data cannot be cloned
  }
}

/** A proxy whose methods call the other side's. Throws WORKER_DIED for what is pending when the thread ends. */
export function connect<T extends object>(port: Port, name: string, post: Post = postClone): T {
  const pending = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  let next = 0;
  let dead: NoemaError | undefined;
  const die = (reason: unknown) => {
    dead ??= nodeError("WORKER_DIED", `the ${name} thread ended: ${reason instanceof Error ? reason.message : reason}`, { name });
    for (const { reject } of pending.values()) reject(dead);
    pending.clear();
  };
  port.on("message", ({ id, result, error }: Answer) => {
    const call = pending.get(id);
    pending.delete(id);
    if (error === undefined) call?.resolve(result);
    else call?.reject(fromCrossing(error));
  });
  for (const event of ["exit", "close", "error"]) (port as NodeJS.EventEmitter).on(event, die);
  const call = (method: string, args: unknown[]) =>
    new Promise((resolve, reject) => {
      if (dead !== undefined) return reject(dead);
      const id = next++;
      post(port, { id, method, args } satisfies Call); // rejects when an argument cannot be cloned
      pending.set(id, { resolve, reject });
    });
  return new Proxy({} as T, {
    get: (_, method) => (typeof method !== "string" || method === "then" ? undefined : (...args: unknown[]) => call(method, args)),
  });
}

function toCrossing(error: unknown): CrossingError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const { name, message, stack } = error;
  return error instanceof NoemaError ? { name, message, stack, code: error.code, data: error.data } : { name, message, stack };
}

function fromCrossing({ name, message, code, data, stack }: CrossingError): Error {
  const error = code === undefined ? Object.assign(new Error(message), { name }) : remadeError(code, message, data);
  if (stack !== undefined) error.stack = stack;
  return error;
}
