/**
 * JSON-RPC 2.0 over text: one request or a batch in, the text of the response out. Never throws. A batch runs in order, so
 * that transactions of one batch reach the pool in theirs; what answers later (method.ts) is waited for at its end, together.
 * Notifications (no `id`) run and get no answer.
 */
import type { Logger } from "@noema/core/ports/logger";
import type { Refusal } from "../../web/visitor.ts";
import { rpcError } from "../errors.ts";
import type { Refuse } from "../gate.ts";
import type { ErrorBody } from "./error.ts";
import { errorBody, isPrivate, refusedBody } from "./error.ts";
import { type Caller, Later, type RpcMethod, type RpcModule } from "./method.ts";
import { MAX_NESTING, nestsTooDeep } from "./nesting.ts";
import { idOf, keepIds, type RequestId } from "./request-id.ts";

/** As many as geth takes in one batch. */
export const MAX_BATCH = 1000;
/** Characters of all answers to one batch: geth's limit. */
const MAX_BATCH_RESPONSE = 25_000_000;

export type Observe = (method: string, seconds: number, error: ErrorBody | undefined) => void;
export type Dispatcher = (text: string, caller?: Caller) => Promise<string | undefined>;
/** A result as JSON text: what cannot be written as JSON is a fault of the method, not of the answer. */
type Outcome = { json: string } | { error: ErrorBody };

type DispatcherOptions = { logger: Logger; nowMs(): number; observe: Observe; refuse?: Refuse };

/** Throws RPC_NAME_TAKEN. */
export function createDispatcher(modules: readonly RpcModule[], o: DispatcherOptions): Dispatcher {
  const methods = methodTable(modules);

  async function run(name: string, params: readonly unknown[], { connection, unsigned }: Caller): Promise<Outcome | Later<Outcome>> {
    const found = methods.get(name);
    const started = o.nowMs();
    const ended = (outcome: Outcome) => {
      o.observe(found === undefined ? "unknown" : name, (o.nowMs() - started) / 1000, "error" in outcome ? outcome.error : undefined);
      return outcome;
    };
    if (found === undefined) return ended({ error: unknownMethod(name) });
    if (unsigned !== undefined && found.signing) return ended({ error: refusedBody("RPC_ORIGIN_REFUSED", unsigned) });
    const refused = o.refuse?.(found);
    if (refused !== undefined) return ended({ error: refused });
    try {
      const result = await found.run(params, connection);
      const late = result instanceof Later ? undefined : o.refuse?.(found);
      if (late !== undefined) return ended({ error: late }); // it was read before the gate closed
      if (!(result instanceof Later)) return ended(done(result));
      return new Later(result.value.then(done).then(ended, (error) => ended(failed(name, error))));
    } catch (error) {
      return ended(failed(name, error));
    }
  }

  function failed(name: string, error: unknown): Outcome {
    const body = errorBody(error);
    if (body === undefined || isPrivate(error)) o.logger.log("error", "rpc method failed", { method: name, error });
    if (body !== undefined) return { error: body };
    return { error: refusedBody("RPC_INTERNAL", "internal error") };
  }

  type Answer = string | undefined;
  async function begin(request: unknown, caller: Caller): Promise<Answer | Later<Answer>> {
    const parsed = parseRequest(request);
    if ("error" in parsed) return respond(parsed.id, { error: parsed.error });
    const answer = (outcome: Outcome) => (parsed.id === undefined ? undefined : respond(parsed.id, outcome));
    const outcome = await run(parsed.method, parsed.params, caller);
    return outcome instanceof Later ? new Later(outcome.value.then(answer)) : answer(outcome);
  }

  async function one(request: unknown, caller: Caller): Promise<Answer> {
    const answer = await begin(request, caller);
    return answer instanceof Later ? answer.value : answer;
  }

  async function batch(requests: readonly unknown[], caller: Caller): Promise<Answer> {
    if (requests.length === 0) return respond(null, { error: invalid("empty batch") });
    if (requests.length > MAX_BATCH) return respond(null, { error: tooLarge("batch", requests.length, MAX_BATCH, "requests") });
    const begun: (Answer | Promise<Answer>)[] = [];
    let length = 0;
    for (const request of requests) {
      const full = length > MAX_BATCH_RESPONSE;
      const error = tooLarge("response of the batch", length, MAX_BATCH_RESPONSE, "characters");
      const answer = full ? respond(idOf(request) ?? null, { error }) : await begin(request, caller);
      if (typeof answer === "string") length += answer.length;
      begun.push(answer instanceof Later ? answer.value : answer);
    }
    const answers = (await Promise.all(begun)).filter((answer) => answer !== undefined);
    return answers.length === 0 ? undefined : `[${answers.join(",")}]`;
  }

  return async (text, caller = {}) => {
    if (nestsTooDeep(text)) return respond(null, { error: invalid(`nested deeper than ${MAX_NESTING}`) });
    let request: unknown;
    try {
      request = keepIds(JSON.parse(text), text);
    } catch {
      return respond(null, { error: refusedBody("RPC_PARSE", "parse error: not JSON") });
    }
    return Array.isArray(request) ? batch(request, caller) : one(request, caller);
  };
}

function methodTable(modules: readonly RpcModule[]): ReadonlyMap<string, RpcMethod> {
  const methods = new Map<string, RpcMethod>();
  const names = new Set<string>();
  for (const module of modules) {
    if (names.has(module.name)) throw rpcError("RPC_NAME_TAKEN", `two namespaces are called ${module.name}`);
    names.add(module.name);
    for (const [name, method] of Object.entries(module.methods)) {
      if (methods.has(name)) throw rpcError("RPC_NAME_TAKEN", `two namespaces have a method ${name}, ${module.name} is one of them`);
      methods.set(name, method);
    }
  }
  return methods;
}

function done(result: unknown): Outcome {
  return { json: JSON.stringify(result ?? null) };
}

function parseRequest(
  request: unknown,
): { id: RequestId | undefined; method: string; params: readonly unknown[] } | { id: RequestId; error: ErrorBody } {
  if (typeof request !== "object" || request === null || Array.isArray(request))
    return { id: null, error: invalid("a request is an object") };
  const { method, params, id: given } = request as Record<string, unknown>;
  const id = idOf(request);
  if (given !== undefined && id === undefined) return { id: null, error: invalid("id is a short string, a number or null") };
  if ((request as Record<string, unknown>).jsonrpc !== "2.0") return { id: id ?? null, error: invalid('jsonrpc must be "2.0"') };
  if (typeof method !== "string") return { id: id ?? null, error: invalid("method is a string") };
  if (params === undefined || params === null) return { id, method, params: [] };
  if (!Array.isArray(params)) {
    return { id: id ?? null, error: refusedBody("RPC_PARAMS_INVALID", "params must be an array (positional)") };
  }
  return { id, method, params };
}

function respond(id: RequestId | undefined, outcome: Outcome): string {
  const body = "json" in outcome ? `"result":${outcome.json}` : `"error":${JSON.stringify(outcome.error)}`;
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id ?? null)},${body}}`;
}

function invalid(message: string): ErrorBody {
  return refusedBody("RPC_REQUEST_INVALID", `invalid request: ${message}`);
}

function unknownMethod(name: string): ErrorBody {
  return refusedBody("RPC_METHOD_UNKNOWN", `the method ${name.slice(0, 100)} does not exist/is not available`);
}

function tooLarge(what: string, value: number, limit: number, unit: string): ErrorBody {
  return refusedBody("RPC_LIMIT", `${what} too large: ${value} ${unit}, at most ${limit}`, { value, limit });
}

/** The answer to a request that was refused unread. */
export function refusedVisitor({ code, message }: Refusal): string {
  return respond(null, { error: refusedBody(code, message) });
}

/** The answer to a body above the limit, which was not parsed. */
export function bodyTooLarge(bytes: number, limit: number): string {
  return respond(null, { error: tooLarge("request body", bytes, limit, "bytes") });
}
