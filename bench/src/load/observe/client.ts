/** JSON-RPC for set-up and observation, over the same light connection as the load. */
import { benchError } from "../errors.ts";
import type { Connection } from "../send/connection.ts";
import { httpWire } from "../send/http.ts";

export type Client = {
  ask<T>(method: string, ...params: readonly unknown[]): Promise<T>;
  /** One batch; throws what the first refused one says. */
  askAll<T>(calls: readonly { method: string; params: readonly unknown[] }[]): Promise<T[]>;
  close(): void;
};

type Answer = { id: number; result?: unknown; error?: { code: number; message: string } };

/** Throws the system's error where nothing answers, and BENCH_TARGET_FAILED for what is answered with an error. */
export async function createClient(url: string): Promise<Client> {
  const wire = httpWire(url);
  const fail = (reason: string) => benchError("BENCH_TARGET_FAILED", reason);
  /** Hears that the answer will not come. */
  let cut = (_reason: string) => {};
  let open: Connection | undefined;
  /** A node may close what was idle. */
  const connection = async () => {
    open ??= await wire.connect((reason) => {
      open = undefined;
      cut(reason);
    });
    return open;
  };
  await connection();
  const post = async (body: string) => {
    const at = await connection();
    return new Promise<unknown>((resolve, reject) => {
      cut = (reason) => reject(fail(reason));
      at.send(wire.frame(body), 0, (answer) => resolve(JSON.parse(answer.toString())));
    });
  };
  const resultOf = <T>(answer: Answer, method: string) => {
    if (answer.error !== undefined) throw fail(`${url}: ${method}: ${answer.error.message}`);
    return answer.result as T;
  };
  let last: Promise<unknown> = Promise.resolve();
  /** One at a time, so that a cut connection has one to tell. */
  const inTurn = (body: string) => {
    const answer = last.then(() => post(body));
    last = answer.catch(() => {});
    return answer;
  };
  return {
    ask: async <T>(method: string, ...params: readonly unknown[]) =>
      resultOf<T>((await inTurn(JSON.stringify({ jsonrpc: "2.0", id: 0, method, params }))) as Answer, method),
    async askAll<T>(calls: readonly { method: string; params: readonly unknown[] }[]) {
      if (calls.length === 0) return [];
      const answers = (await inTurn(JSON.stringify(calls.map((x, id) => ({ jsonrpc: "2.0", id, ...x }))))) as Answer[];
      if (!Array.isArray(answers)) throw fail(`${url}: a batch was refused: ${(answers as Answer).error?.message}`);
      const byId = new Map(answers.map((x) => [x.id, x]));
      return calls.map(({ method }, id) => resultOf<T>(byId.get(id) as Answer, method));
    },
    close: () => open?.close(),
  };
}
