import type { SamplingFace } from "@noema/da-layer/sampling/cell-server";
import { testMeta } from "@noema/da-layer/testing/blob";
import { afterEach, expect, it } from "vitest";
import { createRpcServer, type RpcServer } from "../../server.ts";
import { callRpc, resultOf } from "../../testing/call.ts";
import { createFakeChain } from "../../testing/fake-chain.ts";

const ID = `0x${"ab".repeat(32)}`;
const header = { epoch: 0, publisher: 1, seq: 0, refHeight: 1, bytes: 4, gasLimitSum: 0n, expiry: 9, id: new Uint8Array(32) };
const certificate = { bitmap: Uint8Array.of(0b0111), signature: new Uint8Array(96) };
const object = { meta: { ...testMeta(100), N: 5 }, rowsRoot: new Uint8Array(32), commitments: [], ys: [], proof: new Uint8Array(48) };
const HOLDERS = [2, 0, 0, 1, 3];

let server: RpcServer | undefined;
afterEach(() => server?.stop());

function serving(known: Partial<Awaited<ReturnType<SamplingFace["sampled"]>>>): RpcServer {
  const sampling: SamplingFace = {
    sampled: async (id) => (id[0] === 0xab ? { object, ...known } : undefined),
    cells: () => expect.fail("no cell is asked for"),
  };
  server = createRpcServer({ port: 0 }, { ...createFakeChain().deps, sampling });
  return server;
}

it("tells whose each row is, who signed and who can be asked", async () => {
  const rows = await resultOf(serving({ holders: HOLDERS, height: 7, cert: { kind: "blob", header, certificate } }), "noema_daRows", ID);
  expect(rows).toMatchObject({ id: ID, bytes: "0x64", rows: "0x5", needed: "0x1", certified: true, height: "0x7" });
  // the fake node is validator 0, its one peer validator 1
  expect(rows.holders).toEqual([
    { validator: 2, from: "0x0", to: "0x1", signed: true, reachable: false },
    { validator: 0, from: "0x1", to: "0x3", signed: true, reachable: true },
    { validator: 1, from: "0x3", to: "0x4", signed: true, reachable: true },
    { validator: 3, from: "0x4", to: "0x5", signed: false, reachable: false },
  ]);
});

it("of an object without a certificate nobody has signed; without its epoch's set nobody is named", async () => {
  const rows = await resultOf(serving({}), "noema_daRows", ID);
  expect(rows).toMatchObject({ certified: false, height: null, holders: null });
});

it("null for what is unknown, and a node without a data layer says so", async () => {
  expect(await resultOf(serving({}), "noema_daRows", `0x${"00".repeat(32)}`)).toBeNull();
  const without = createRpcServer({ port: 0 }, createFakeChain().deps);
  expect((await callRpc(without, "noema_daRows", ID)).error?.data).toMatchObject({ code: "RPC_DA_DISABLED" });
  await without.stop();
});
