import { utf8 } from "@noema/core/bytes";
import type { Network } from "@noema/core/ports/network";
import { networkCompliance } from "@noema/core/testing/compliance/network";
import { daError } from "@noema/da-layer/errors";
import { expect, it } from "vitest";
import { claimPortBlock } from "../testing/port-block.ts";
import type { P2pNetwork } from "./p2p-network.ts";
import { createNode, idOf, KEYS, startNodes, untilPeers } from "./testing/nodes.ts";

networkCompliance("libp2p on loopback", KEYS, async (count) => {
  const nodes = await startNodes(count);
  await nodes.allConnected();
  return nodes;
});

const signal = new AbortController().signal;
const frameOf = (network: { onFrame: Network["onFrame"] }) =>
  new Promise<string>((resolve) =>
    network.onFrame("consensus", (_, frame) => {
      resolve(Buffer.from(frame).toString());
      return { ok: true };
    }),
  );

it("finds a peer that starts later, keeps one connection when both dial, and finds it again after a restart", async () => {
  const { ports, release } = await claimPortBlock(2);
  const listen = ports.map((port) => `/ip4/127.0.0.1/tcp/${port}`);
  const addresses = await Promise.all(listen.map(async (l, i) => `${l}/p2p/${await idOf(i)}`));
  const make = (i: number) => createNode(i, addresses, { listen: listen[i] });
  const a = (await make(0)).network;
  const b = (await make(1)).network;
  await a.start(signal);
  await b.start(signal);
  await Promise.all([untilPeers(a, 1), untilPeers(b, 1)]);
  const gone = new Promise<void>((resolve) => a.onPeer((_, up) => !up && resolve()));
  await b.stop();
  await gone;
  expect(a.peers()).toEqual([]);
  const again = (await make(1)).network;
  const received = frameOf(again);
  await again.start(signal);
  await Promise.all([untilPeers(a, 1), untilPeers(again, 1)]);
  expect(a.send(again.id, "consensus", utf8("hello again"))).toBe(true);
  expect(await received).toBe("hello again");
  await Promise.all([a.stop(), again.stop()]);
  release();
});

it("a question that the peer does not answer fails with its reason, or because there is no such peer", async () => {
  const { networks, allConnected, close } = await startNodes(2);
  await allConnected();
  const [a, b] = networks as [P2pNetwork, P2pNetwork];
  b.serve("refused", async function* () {
    yield utf8("part");
    throw daError("DA_NOT_FOUND", "batch 0x01 is not held here");
  });
  const ask = async (to: string, method: string) => {
    for await (const _ of a.request(to, method, new Uint8Array(0), 100, signal));
  };
  await expect(ask(b.id, "refused")).rejects.toMatchObject({ code: "REQUEST_FAILED", data: { reason: "DA_NOT_FOUND" } });
  await expect(ask(b.id, "unknown")).rejects.toMatchObject({ code: "REQUEST_FAILED" });
  await expect(ask("nobody", "refused")).rejects.toMatchObject({ code: "REQUEST_FAILED" });
  await close();
});

it("refuses an address without a peer id, and a port that is taken", async () => {
  for (const bad of ["/ip4/127.0.0.1/tcp/1", "127.0.0.1:9000"])
    await expect(createNode(0, [bad])).rejects.toMatchObject({ code: "P2P_ADDRESS_INVALID" });
  const { network } = await createNode(0, []);
  await network.start(signal);
  const taken = (network.addresses()[0] as string).replace(/\/p2p\/.*/, "");
  const other = await createNode(1, [], { listen: taken });
  await expect(other.network.start(signal)).rejects.toMatchObject({ code: "P2P_LISTEN_FAILED" });
  await network.stop();
});
