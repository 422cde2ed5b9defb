/** Calls of one method that follow one another in a batch are handed over at once, and each is answered for itself. */
import { expect, it } from "vitest";
import { rpcError } from "../errors.ts";
import { createDispatcher, MAX_RUN } from "./dispatch.ts";
import { Later, method, type Traits } from "./method.ts";
import { text } from "./parsers.ts";
import type { PerformDeps } from "./perform.ts";

type Answer = { id: number | null; result?: unknown; error?: { code: number; message: string; data?: { code: string } } };

/** `many` says what it is given; `bad` is refused, `fault` breaks all, `wait` answers when told. */
function serve(deps: Partial<PerformDeps> = {}, traits: Traits = {}) {
  const runs: string[][] = [];
  const observed: [string, unknown][] = [];
  const logs: string[] = [];
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  async function one(word: string): Promise<unknown> {
    if (word === "bad") throw rpcError("RPC_LIMIT", "too bad");
    return word === "wait" ? new Later(released.then(() => word)) : word;
  }
  const batch = async (calls: readonly (readonly [string])[]) => {
    runs.push(calls.map(([word]) => word));
    if (calls.some(([word]) => word === "fault")) throw new Error("a fault");
    return Promise.all(calls.map(([word]) => one(word).then((value) => ({ value })).catch((thrown) => ({ thrown })))); // biome-ignore format: one line
  };
  const spec = [["word", text(30_000_000)]] as const;
  const methods = {
    test_many: method(spec, one, { batch, ...traits }),
    test_one: method(spec, (word) => `one ${word}`),
  };
  const dispatch = createDispatcher([{ name: "test", methods }], {
    logger: { log: (_, message) => void logs.push(message) },
    nowMs: () => 0,
    observe: (name, _, error) => void observed.push([name, error?.code]),
    ...deps,
  });
  const ask = async (...requests: unknown[]): Promise<Answer[]> => JSON.parse((await dispatch(JSON.stringify(requests))) as string);
  return { ask, dispatch, runs, observed, logs, release };
}

const request = (method: string, word: unknown, id?: number) => ({
  jsonrpc: "2.0",
  method,
  params: [word],
  ...(id !== undefined && { id }),
});
const many = (word: unknown, id?: number) => request("test_many", word, id);

it("what follows one another is one run, and the answers stand in order", async () => {
  const { ask, runs, observed } = serve();
  const answers = await ask(many("a", 1), many("b"), many("c", 2), request("test_one", "d", 3), many("e", 4), 7, many("f", 5));
  expect(runs).toEqual([["a", "b", "c"], ["e"], ["f"]]);
  expect(answers.map((x) => x.result ?? x.error?.code)).toEqual(["a", "c", "one d", "e", -32600, "f"]);
  expect(answers.map((x) => x.id)).toEqual([1, 2, 3, 4, null, 5]);
  expect(observed).toEqual(["many", "many", "many", "one", "many", "many"].map((x) => [`test_${x}`, undefined]));
});

it("a long run is parted, so that it does not keep the thread", async () => {
  const { ask, runs } = serve();
  const answers = await ask(...Array.from({ length: 2 * MAX_RUN + 1 }, (_, i) => many(`${i}`, i)));
  expect(runs.map((x) => x.length)).toEqual([MAX_RUN, MAX_RUN, 1]);
  expect(answers.every((x) => x.result === `${x.id}`)).toBe(true);
});

it("a method without a batch side runs one by one", async () => {
  const { ask, observed } = serve();
  await ask(request("test_one", "a", 1), request("test_one", "b", 2));
  expect(observed).toHaveLength(2);
});

it("one that fails, or has wrong parameters, spoils no other", async () => {
  const { ask, runs, observed } = serve();
  const answers = await ask(many("a", 1), many(7, 2), many("bad", 3), many("b", 4));
  expect(runs).toEqual([["a", "bad", "b"]]);
  expect(answers.map((x) => x.result ?? x.error?.data?.code)).toEqual(["a", "RPC_PARAMS_INVALID", "RPC_LIMIT", "b"]);
  expect(observed.map(([, code]) => code).filter((x) => x !== undefined)).toHaveLength(2);
  expect(await ask(many(7, 1), many(8, 2))).toMatchObject([{ error: { code: -32602 } }, { error: { code: -32602 } }]);
});

it("a fault of the batch side is a fault of each, and the log's", async () => {
  const { ask, logs } = serve();
  expect(await ask(many("fault", 1), many("b", 2))).toMatchObject([{ error: { code: -32603 } }, { error: { code: -32603 } }]);
  expect(logs).toEqual(["rpc method failed", "rpc method failed"]);
});

it("who may not call it is refused for each, and nothing runs", async () => {
  const body = { code: -32002, message: "doubted" };
  const { ask, runs, observed } = serve({ refuse: ({ open }) => (open ? undefined : body) });
  expect(await ask(many("a", 1), many("b", 2))).toMatchObject([{ error: body }, { error: body }]);
  expect([runs, observed.length]).toEqual([[], 2]);
  const signing = serve({}, { signing: true });
  const text = JSON.stringify([many("a", 1), many("b", 2)]);
  const refused = JSON.parse((await signing.dispatch(text, { unsigned: "another site" })) as string);
  expect(refused.map((x: Answer) => x.error?.data?.code)).toEqual(["RPC_ORIGIN_REFUSED", "RPC_ORIGIN_REFUSED"]);
  expect(signing.runs).toEqual([]);
});

it("what was read before the gate closed is refused after it", async () => {
  const doubted = { code: -32002, message: "doubted" };
  let asked = 0;
  const { ask } = serve({ refuse: () => (asked++ > 1 ? doubted : undefined) }); // once before the run, once for the first result
  expect(await ask(many("a", 1), many("b", 2))).toMatchObject([{ result: "a" }, { error: doubted }]);
});

it("what answers later holds up nothing that follows", async () => {
  const { dispatch, runs, release } = serve();
  const answered = dispatch(JSON.stringify([many("wait", 1), many("a", 2), request("test_one", "b", 3), many("wait", 4)]));
  await new Promise((resolve) => setImmediate(resolve));
  expect(runs).toEqual([["wait", "a"], ["wait"]]);
  release();
  expect(JSON.parse((await answered) as string).map((x: Answer) => x.result)).toEqual(["wait", "a", "one b", "wait"]);
});

it("above the bound of the response the rest of a run is not told, and no other begins", async () => {
  const { ask, runs } = serve();
  const large = "x".repeat(13_000_000);
  const answers = await ask(many(large, 1), many(large, 2), many("a", 3), request("test_one", "b", 4), many("c", 5));
  expect(answers.map((x) => x.error?.data?.code)).toEqual([undefined, undefined, "RPC_LIMIT", "RPC_LIMIT", "RPC_LIMIT"]);
  expect(answers.map((x) => x.id)).toEqual([1, 2, 3, 4, 5]);
  expect(runs).toHaveLength(1);
});
