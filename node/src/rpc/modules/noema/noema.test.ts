import { createHash } from "node:crypto";
import { to0x } from "@noema/core/bytes";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createRpcServer, type RpcServer } from "../../server.ts";
import { callRpc, resultOf } from "../../testing/call.ts";
import { createFakeChain, type FakeChain } from "../../testing/fake-chain.ts";
import { createFakeData } from "../../testing/fake-data.ts";

let chain: FakeChain;
let server: RpcServer;

beforeEach(() => {
  chain = createFakeChain({ data: createFakeData() });
  server = createRpcServer({ port: 0 }, chain.deps);
});
afterEach(() => server.stop());

/** As a light client does it, with sha256 alone. */
function fold({ leaf, index, branch }: { leaf: string; index: string; branch: string[] }): string {
  let node = Buffer.from(leaf.slice(2), "hex");
  branch.forEach((sibling, depth) => {
    const other = Buffer.from(sibling.slice(2), "hex");
    const right = (Number(index) >> depth) & 1;
    node = createHash("sha256")
      .update(right ? other : node)
      .update(right ? node : other)
      .digest();
  });
  return `0x${node.toString("hex")}`;
}

it("shows who finalized a height and the state root that they voted for", async () => {
  const { block } = chain.mine([]);
  expect(await resultOf(server, "noema_finality", "0x1")).toBeNull();
  chain.mine([]);
  const proof = await resultOf(server, "noema_finality", "0x1");
  expect(proof.stateRoot).toBe(to0x(block.stateRoot));
  expect(proof.header.exec).toMatchObject({ height: "0x1", stateRoot: proof.stateRoot });
  expect(proof.certificate).toMatchObject({ kind: "finalize", bitmap: "0x0b", hash: proof.headerHash });
  expect(proof.signers.map((s: { index: number }) => s.index)).toEqual([0, 1, 3]);
  expect([proof.signedWeight, proof.totalWeight, proof.publicKeys.length]).toEqual(["0x3", "0x4", 4]);
  expect(fold(proof.stateRootProof)).toBe(proof.certificate.hash);
  expect(fold({ ...proof.stateRootProof, leaf: proof.headerHash })).not.toBe(proof.certificate.hash);
  expect((await callRpc(server, "noema_finality", "0x9")).error).toMatchObject({ code: -32001 });
});

it("says in words how many validators are there", async () => {
  chain.status.value = { ...chain.status.value, heardFrom: [0, 2], state: "halted" };
  expect(await resultOf(server, "noema_consensusStatus")).toMatchObject({ summary: "2 of 4 validators, quorum needs 3", state: "halted" });
});

it("says of a development chain that it is one, also where the node has no accounts", async () => {
  for (const [dev, wanted] of [
    [true, true],
    [false, false],
  ] as const) {
    const { deps } = createFakeChain({ dev });
    const follower = createRpcServer({ port: 0 }, { ...deps, dev: undefined });
    expect(await resultOf(follower, "noema_nodeInfo")).toMatchObject({ dev: wanted });
    await follower.stop();
  }
});

it("asks a model, and says what its answer is called", async () => {
  const [{ id }] = await resultOf(server, "noema_models");
  const input = `0x${"00".repeat(784)}`;
  expect(await resultOf(server, "noema_infer", id, input)).toEqual({ output: "0x2a", values: [42], best: 0, label: "0" });
  expect((await callRpc(server, "noema_infer", id, "0x00")).error).toMatchObject({
    code: -32602,
    message: "input: 1 bytes, digits takes 784",
  });
  expect((await callRpc(server, "noema_infer", `0x${"00".repeat(32)}`, input)).error).toMatchObject({ code: -32602 });
});

it("an index is named by what it says, not by where it stands", async () => {
  const { deps } = createFakeChain();
  const models = deps.models.list().map((model) => ({ ...model, output: { dtype: "int32", shape: [1], labels: ["a", "b", "c"] } }));
  const call = async () => ({ ok: true as const, output: Uint8Array.of(0, 0, 0, 2), gasUsed: 1n });
  const other = createRpcServer({ port: 0 }, { ...deps, models: { list: () => models }, execution: { ...deps.execution, call } });
  const [{ id }] = await resultOf(other, "noema_models");
  expect(await resultOf(other, "noema_infer", id, `0x${"00".repeat(784)}`)).toMatchObject({ values: [2], best: 0, label: "c" });
  await other.stop();
});

it("lists validators, models and the node", async () => {
  expect((await resultOf(server, "noema_validators"))[0]).toMatchObject({ index: 0, rpcUrl: "http://127.0.0.1:8545", weight: "0x1" });
  const [model] = await resultOf(server, "noema_models");
  expect(model).toMatchObject({ name: "digits", inputBytes: 784, input: { dtype: "int8", shape: [28, 28, 1], encoding: "28 rows" } });
  expect(model.output).toEqual({ dtype: "int8", shape: [10], encoding: null, labels: [..."0123456789"], temperature: null });
  expect(await resultOf(server, "noema_inferGas", model.id)).toBe(model.gas);
  expect((await callRpc(server, "noema_inferGas", `0x${"00".repeat(32)}`)).error).toMatchObject({ code: -32602 });
  expect(await resultOf(server, "noema_nodeInfo")).toMatchObject({
    dev: true,
    dataLayer: true,
    addresses: ["/ip4/127.0.0.1/tcp/1/p2p/own"],
    peers: [{ id: "peer", validator: 1 }],
  });
  expect(await resultOf(server, "noema_daStatus", `0x${"00".repeat(32)}`)).toBeNull();
});
