/** The Beacon API's two questions: which blocks they name, and how what is wrong is told. */
import { to0x } from "@noema/core/bytes";
import { afterEach, expect, it } from "vitest";
import { createRpcServer, type RpcServer } from "../server.ts";
import { createFakeChain } from "../testing/fake-chain.ts";

let server: RpcServer | undefined;
afterEach(() => server?.stop());

it("names a block by slot, root or word; what names none is told as such", async () => {
  const chain = createFakeChain();
  const { block } = chain.mine();
  server = createRpcServer({ port: 0 }, chain.deps);
  const { app } = server;
  for (const kind of ["blobs", "blob_sidecars"]) {
    const ask = async (id: string) => {
      const { statusCode, body } = await app.inject(`/eth/v1/beacon/${kind}/${id}`);
      return [statusCode, JSON.parse(body).code];
    };
    for (const id of ["head", "genesis", "finalized", "justified", "0", "1", to0x(block.hash)])
      expect(await ask(id)).toEqual([200, undefined]);
    for (const id of ["999999", `0x${"ab".repeat(32)}`]) expect(await ask(id)).toEqual([404, "RPC_BLOCK_UNKNOWN"]);
    for (const id of ["..%2f..%2fkeys", "%00", "1e3", "0x"]) expect(await ask(id)).toEqual([400, "RPC_PARAMS_INVALID"]);
    expect(await ask("head?more=1")).toEqual([400, "RPC_DA_QUERY_INVALID"]);
  }
  expect(chain.logs.filter((line) => /failed/.test(line))).toEqual([]);
});
