/** From calls of one method to their outcomes: who may call it, what it throws, how long it took. */
import type { Logger } from "@noema/core/ports/logger";
import { rpcError } from "../errors.ts";
import type { Refuse } from "../gate.ts";
import { type ErrorBody, errorBody, isPrivate, refusedBody } from "./error.ts";
import { type Caller, type Ended, JsonText, Later, type RpcMethod, type RpcModule } from "./method.ts";
import type { Outcome } from "./response.ts";

export type Observe = (method: string, seconds: number, error: ErrorBody | undefined) => void;
export type PerformDeps = { logger: Logger; nowMs(): number; observe: Observe; refuse?: Refuse };

export type Performer = {
  /** Whether calls that follow one another are handed over at once. */
  takesMany(method: string): boolean;
  /** The outcome of each, in order; several are handed over at once where the method takes many. Never throws. */
  perform(name: string, calls: readonly (readonly unknown[])[], caller: Caller): Promise<readonly (Outcome | Later<Outcome>)[]>;
};

/** Throws RPC_NAME_TAKEN. */
export function createPerformer(modules: readonly RpcModule[], o: PerformDeps): Performer {
  const methods = methodTable(modules);

  function failed(name: string, error: unknown): Outcome {
    const body = errorBody(error);
    if (body === undefined || isPrivate(error)) o.logger.log("error", "rpc method failed", { method: name, error });
    return { error: body ?? refusedBody("RPC_INTERNAL", "internal error") };
  }

  return {
    takesMany: (name) => methods.get(name)?.runAll !== undefined,
    async perform(name, calls, { connection, unsigned }) {
      const found = methods.get(name);
      const started = o.nowMs();
      const ended = (outcome: Outcome) => {
        o.observe(found === undefined ? "unknown" : name, (o.nowMs() - started) / 1000, "error" in outcome ? outcome.error : undefined);
        return outcome;
      };
      const settle = (method: RpcMethod, result: Ended): Outcome | Later<Outcome> => {
        if ("thrown" in result) return ended(failed(name, result.thrown));
        const { value } = result;
        if (value instanceof Later) return new Later(value.value.then(done).then(ended, (error) => ended(failed(name, error))));
        const late = o.refuse?.(method); // it was read before the gate closed
        return ended(late === undefined ? outcomeOf(name, value) : { error: late });
      };
      const outcomeOf = (name: string, value: unknown): Outcome => {
        try {
          return done(value);
        } catch (error) {
          return failed(name, error);
        }
      };
      if (found === undefined) return calls.map(() => ended({ error: unknownMethod(name) }));
      const refused = unsigned !== undefined && found.signing ? refusedBody("RPC_ORIGIN_REFUSED", unsigned) : o.refuse?.(found);
      if (refused !== undefined) return calls.map(() => ended({ error: refused }));
      const results = await (found.runAll?.(calls) ?? Promise.all(calls.map((params) => endOf(() => found.run(params, connection)))));
      return results.map((result) => settle(found, result));
    },
  };
}

async function endOf(run: () => unknown): Promise<Ended> {
  try {
    return { value: await run() };
  } catch (thrown) {
    return { thrown };
  }
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
  return { json: result instanceof JsonText ? result.text : JSON.stringify(result ?? null) };
}

function unknownMethod(name: string): ErrorBody {
  const hint = /^(anvil|debug|evm|hardhat)_/.test(name) ? ": docs/first-hour/dapp.md says what there is of anvil's and Hardhat's" : "";
  return refusedBody("RPC_METHOD_UNKNOWN", `the method ${name.slice(0, 100)} does not exist/is not available${hint}`);
}
