/** What a namespace contributes: a table of methods, each described once: the description validates, types and documents it. */
import { invalidParams } from "./error.ts";
import type { JsonSchema } from "./schema.ts";

/** Reads one parameter; `name` stands in the message of the error that it throws. `schema`: what it takes, as clients are told. */
export type Parser<T> = { read(value: unknown, name: string): T; optional?: boolean; schema: JsonSchema };

/** What a method can know of the connection that it was called on; absent over HTTP. */
export interface Connection {
  /** Sends a notification of a subscription; a client that does not keep up is disconnected. */
  notify(subscription: string, result: unknown): void;
  readonly subscriptions: Map<string, () => void>;
}

/** What is said of a method beside what it does. */
export type Traits = {
  /** It uses what is the node's own, its accounts' keys: not for every page that may ask. */
  signing?: true;
  /** It says nothing of state, blocks by execution, fees or the pool, and answers while this node's execution is doubted (gate.ts). */
  open?: true;
};
/** What clients are told of a method, beside its parameters. */
export type Description = {
  /** A line. */
  summary: string;
  result: JsonSchema;
  /** Codes of our tables, beside those that any method of its traits can answer (codesOf of modules/rpc/open-rpc.ts). */
  errors: readonly string[];
};
/** What came of a call. */
export type Ended = { value: unknown } | { thrown: unknown };
export type RpcMethod = Traits & {
  /** In order. Names are for people and messages. */
  params: Spec;
  /** Absent: of another's namespace, or forgotten, which the test of docs/rpc.md says. */
  description?: Description;
  run(params: readonly unknown[], connection?: Connection): unknown;
  /** Calls that follow one another in a batch: what came of each, in order. Never throws itself. Absent: they run one by one. */
  runAll?(calls: readonly (readonly unknown[])[]): Promise<readonly Ended[]>;
};
/** A namespace. No name, of a module or of a method, stands twice on one server. */
export type RpcModule = { name: string; methods: Record<string, RpcMethod>; close?(): void };

/** Who asks, where a method or the dispatcher has to know. */
export type Caller = {
  connection?: Connection;
  /** Why it may call no signing method; absent: it may. */
  unsigned?: string;
};

/** A result that is JSON text already. */
export class JsonText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What was asked for has happened, and its result comes later: the requests that follow it in a batch do not wait for it. */
export class Later<T = unknown> {
  readonly value: Promise<T>;
  constructor(value: Promise<T>) {
    this.value = value;
  }
}

type Spec = readonly (readonly [name: string, Parser<unknown>])[];
type Values<P extends Spec> = { [K in keyof P]: P[K][1] extends Parser<infer T> ? T : never };

type Described<P extends Spec> = Traits & Omit<Description, "errors"> & Partial<Description> & { params: P };
/** `batch` gets the parameters of several calls, and gives a result for each. */
type Runs<P extends Spec> = {
  run(...values: Values<P>): unknown;
  batch?(calls: readonly Values<P>[]): Promise<readonly Ended[]>;
};

/** Checks count and form of the parameters, then runs. */
export function method<const P extends Spec>(o: Described<P> & Runs<P>): RpcMethod;
/** Without a description: it answers, and the test of docs/rpc.md asks for what is not said. */
export function method<const P extends Spec>(params: P, run: Runs<P>["run"], more?: Traits & Pick<Runs<P>, "batch">): RpcMethod;
export function method<const P extends Spec>(first: P | (Described<P> & Runs<P>), run?: Runs<P>["run"], more: Traits = {}): RpcMethod {
  return "run" in first ? described(first) : { ...more, ...ran({ params: first, run: run as Runs<P>["run"], ...more }) };
}

function described<const P extends Spec>(o: Described<P> & Runs<P>): RpcMethod {
  return { ...told(o), ...ran(o) };
}

function ran<P extends Spec>({ params: spec, run, batch }: { params: P } & Runs<P>): RpcMethod {
  const one = { params: spec, run: (params: readonly unknown[]) => run(...readParams(spec, params)) };
  return batch === undefined ? one : { ...one, runAll: (calls) => runTogether(spec, batch, calls) };
}

/** The same for methods that need the connection, which comes first. */
export function connectionMethod<const P extends Spec>(
  o: Described<P> & { run(connection: Connection | undefined, ...values: Values<P>): unknown },
): RpcMethod {
  return { ...told(o), run: (params, connection) => o.run(connection, ...readParams(o.params, params)) };
}

function told<P extends Spec>({ params, summary, result, errors = [], signing, open }: Described<P>): Omit<RpcMethod, "run"> {
  return { params, description: { summary, result, errors }, ...(signing && { signing }), ...(open && { open }) };
}

/** Calls whose parameters are good are handed over; each fails for itself. */
async function runTogether<P extends Spec>(
  spec: P,
  batch: (calls: readonly Values<P>[]) => Promise<readonly Ended[]>,
  calls: readonly (readonly unknown[])[],
): Promise<readonly Ended[]> {
  const good: Values<P>[] = [];
  const bad = new Map<number, Ended>();
  for (const [i, params] of calls.entries()) {
    try {
      good.push(readParams(spec, params));
    } catch (thrown) {
      bad.set(i, { thrown });
    }
  }
  const ended = good.length === 0 ? [] : await batch(good).catch((thrown) => good.map(() => ({ thrown })));
  if (bad.size === 0) return ended;
  let at = 0;
  return calls.map((_, i) => bad.get(i) ?? (ended[at++] as Ended));
}

function readParams<P extends Spec>(spec: P, params: readonly unknown[]): Values<P> {
  if (params.length > spec.length) throw invalidParams(`too many arguments, want at most ${spec.length}`);
  const values: unknown[] = [];
  for (let i = 0; i < spec.length; i++) {
    const [name, parser] = spec[i] as P[number];
    const value = params[i];
    if (value === undefined && !parser.optional) throw invalidParams(`missing value for required argument ${i} (${name})`);
    values.push(parser.read(value, name));
  }
  return values as Values<P>;
}
