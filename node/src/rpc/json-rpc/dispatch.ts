/**
 * JSON-RPC 2.0 over text: one request or a batch in, the text of the response out. Never throws. A batch runs in order, so
 * that transactions of one batch reach the pool in theirs; requests that follow one another and are of a method that takes many
 * are handed over at once; what answers later (method.ts) is waited for at its end, together.
 * Notifications (no `id`) run and get no answer.
 */
import { refusedBody } from "./error.ts";
import { type Caller, Later, type RpcModule } from "./method.ts";
import { MAX_NESTING, nestsTooDeep } from "./nesting.ts";
import { parseExact } from "./parse-exact.ts";
import { createPerformer, type PerformDeps } from "./perform.ts";
import { readSends } from "./read-sends.ts";
import { type BadRequest, type Call, invalid, parseRequest } from "./request.ts";
import { keepIds } from "./request-id.ts";
import { type Outcome, respond, tooLarge } from "./response.ts";

/** As many as geth takes in one batch. */
export const MAX_BATCH = 1000;
/** Calls handed over at once: so many transactions take the thread that votes 2 ms, and share one fsync. */
export const MAX_RUN = 256;
/** Characters of all answers to one batch: geth's limit. */
const MAX_BATCH_RESPONSE = 25_000_000;

/** `body`: JSON text, or its UTF-8. */
export type Dispatcher = (body: string | Buffer, caller?: Caller) => Promise<string | undefined>;
type Answer = string | undefined;

/** Throws RPC_NAME_TAKEN. */
export function createDispatcher(modules: readonly RpcModule[], deps: PerformDeps): Dispatcher {
  const { takesMany, perform } = createPerformer(modules, deps);

  /** Of one method. */
  async function begin(calls: readonly Call[], caller: Caller): Promise<readonly (Answer | Later<Answer>)[]> {
    const outcomes = await perform((calls[0] as Call).method, calls.map((x) => x.params), caller); // biome-ignore format: one line
    return calls.map(({ id }, i) => {
      const answer = (outcome: Outcome) => (id === undefined ? undefined : respond(id, outcome));
      const outcome = outcomes[i] as Outcome | Later<Outcome>;
      return outcome instanceof Later ? new Later(outcome.value.then(answer)) : answer(outcome);
    });
  }

  async function one(parsed: Call | BadRequest, caller: Caller): Promise<Answer> {
    if ("error" in parsed) return respond(parsed.id, parsed);
    const [answer] = await begin([parsed], caller);
    return answer instanceof Later ? answer.value : answer;
  }

  async function batch(requests: readonly (Call | BadRequest)[], caller: Caller): Promise<Answer> {
    if (requests.length === 0) return respond(null, { error: invalid("empty batch") });
    const answers: (Answer | Promise<Answer>)[] = [];
    let length = 0;
    const isFull = () => length > MAX_BATCH_RESPONSE;
    const full = () => ({ error: tooLarge("response of the batch", length, MAX_BATCH_RESPONSE, "characters") });
    for (const run of runs(requests, takesMany)) {
      const begun = "error" in run ? [respond(run.id, run)] : isFull() ? [] : await begin(run, caller);
      for (const [i, { id }] of ("error" in run ? [run] : run).entries()) {
        const answer = isFull() ? respond(id, full()) : begun[i];
        if (typeof answer === "string") length += answer.length;
        answers.push(answer instanceof Later ? answer.value : answer);
      }
    }
    const given = (await Promise.all(answers)).filter((answer) => answer !== undefined);
    return given.length === 0 ? undefined : `[${given.join(",")}]`;
  }

  return async (body, caller = {}) => {
    const sends = typeof body === "string" ? undefined : readSends(body, MAX_BATCH);
    if (sends !== undefined) return Array.isArray(sends) ? batch(sends, caller) : one(sends, caller);
    const text = typeof body === "string" ? body : body.toString("utf8");
    if (nestsTooDeep(text)) return respond(null, { error: invalid(`nested deeper than ${MAX_NESTING}`) });
    let request: unknown;
    try {
      request = keepIds(parseExact(text), text);
    } catch {
      return respond(null, { error: refusedBody("RPC_PARSE", "parse error: not JSON") });
    }
    if (!Array.isArray(request)) return one(parseRequest(request), caller);
    if (request.length > MAX_BATCH) return respond(null, { error: tooLarge("batch", request.length, MAX_BATCH, "requests") });
    return batch(request.map(parseRequest), caller);
  };
}

/** In order: what is no request, and calls of one method that follow one another where it takes many, else each alone. */
function* runs(parsed: readonly (Call | BadRequest)[], takesMany: (method: string) => boolean): Generator<Call[] | BadRequest> {
  let run: Call[] = [];
  for (const request of parsed) {
    const follows = !("error" in request) && run[0]?.method === request.method && run.length < MAX_RUN;
    const goesOn = follows && takesMany(request.method);
    if (!goesOn && run.length > 0) yield run;
    if (!goesOn) run = [];
    if ("error" in request) yield request;
    else run.push(request);
  }
  if (run.length > 0) yield run;
}
