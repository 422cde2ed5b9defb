/** What a namespace contributes: a table of methods, each with the parsers of its parameters. */
import { invalidParams } from "./error.ts";

/** Reads one parameter; `name` stands in the message of the error that it throws. */
export type Parser<T> = { read(value: unknown, name: string): T; optional?: boolean };

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
/** What came of a call. */
export type Ended = { value: unknown } | { thrown: unknown };
export type RpcMethod = Traits & {
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

/** Checks count and form of the parameters, then runs. Names are for messages. `batch` gets those of several calls, and gives a result for each. */
export function method<const P extends Spec>(
  spec: P,
  run: (...values: Values<P>) => unknown,
  { batch, ...traits }: Traits & { batch?(calls: readonly Values<P>[]): Promise<readonly Ended[]> } = {},
): RpcMethod {
  const one = { ...traits, run: (params: readonly unknown[]) => run(...readParams(spec, params)) };
  return batch === undefined ? one : { ...one, runAll: (calls) => runTogether(spec, batch, calls) };
}

/** The same for methods that need the connection, which comes first. */
export function connectionMethod<const P extends Spec>(
  spec: P,
  run: (connection: Connection | undefined, ...values: Values<P>) => unknown,
  traits: Traits = {},
): RpcMethod {
  return { ...traits, run: (params, connection) => run(connection, ...readParams(spec, params)) };
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
  return spec.map(([name, parser], i) => {
    const value = params[i];
    if (value === undefined && !parser.optional) throw invalidParams(`missing value for required argument ${i} (${name})`);
    return parser.read(value, name);
  }) as Values<P>;
}
