/** Questions that a revert overtakes. */
import { blockNumber } from "@noema/core/block-number";
import { execError } from "@noema/execution/errors";
import type { BlockRecord } from "@noema/execution/records";
import { afterEach, expect, it } from "vitest";
import { createRpcServer, type RpcServer } from "./server.ts";
import { callRpc } from "./testing/call.ts";
import { createFakeChain } from "./testing/fake-chain.ts";

const WHO = `0x${"ab".repeat(20)}`;
let server: RpcServer;
afterEach(() => server.stop());

/** `latest` is block 2 until the reader has been asked for it, and is told then that it is block 0. */
function serve() {
  const { deps, mine, tellReverted } = createFakeChain();
  const first = mine([]).block;
  mine([]);
  let height = 2;
  let number = 2;
  const goBack = () => {
    [height, number] = [3, 0];
    tellReverted(first);
  };
  const head = () => ({ height, number: blockNumber(number) });
  const asked: unknown[] = [];
  const overtaken = async <T>(id: unknown, answer: T): Promise<T> => {
    asked.push(id);
    if (id === 0) return answer;
    setImmediate(goBack);
    throw execError("HEIGHT_UNKNOWN", `block ${id} is not executed; the newest is 0`);
  };
  const chain = {
    ...deps.chain,
    tags: () => ({ latest: head(), safe: head(), finalized: head() }),
  };
  const execution = {
    ...deps.execution,
    account: (id: unknown) => overtaken(id, { balance: 7n }),
    block: async (id: unknown) => {
      asked.push(id);
      if (id === 0) return deps.execution.block(0 as never);
      setImmediate(goBack);
      return undefined as BlockRecord | undefined;
    },
  };
  server = createRpcServer({ port: 0 }, { ...deps, chain: chain as never, execution: execution as never });
  return asked;
}

it("a balance at `latest` is asked again, at the number that it has then", async () => {
  const asked = serve();
  expect((await callRpc(server, "eth_getBalance", WHO, "latest")).result).toBe("0x7");
  expect(asked).toEqual([2, 0]);
});

it("the newest block is never none", async () => {
  const asked = serve();
  expect((await callRpc(server, "eth_getBlockByNumber", "latest", false)).result).toMatchObject({ number: "0x0" });
  expect(asked).toEqual([2, 0]);
});

it("what is asked by its own number is not there any more", async () => {
  const asked = serve();
  expect((await callRpc(server, "eth_getBlockByNumber", "0x2", false)).result).toBeNull();
  expect(asked).toEqual([2]);
});
