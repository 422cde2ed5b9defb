import { createServer } from "node:net";
import { generateKeyPair } from "@libp2p/crypto/keys";
import { expect, it } from "vitest";
import { listenError } from "./listen-error.ts";
import { createMetricsRegistry } from "./metrics/registry.ts";
import { startMetricsServer } from "./metrics/server.ts";
import { startLibp2p, tcpAddress } from "./p2p/libp2p-node.ts";
import { createRpcServer } from "./rpc/server.ts";
import { createFakeChain } from "./rpc/testing/fake-chain.ts";

async function rpc(host: string, port: number): Promise<unknown> {
  const server = createRpcServer({ host, port }, createFakeChain().deps);
  return server.start().finally(() => server.stop());
}

it("p2p: an address that does not parse or is another machine's has its code", async () => {
  const key = await generateKeyPair("Ed25519");
  for (const address of ["/ip4/host.invalid/tcp/0", "/ip4/192.0.2.1/tcp/0"])
    await expect(startLibp2p(key, [address])).rejects.toMatchObject({
      code: "P2P_LISTEN_FAILED",
      message: expect.stringContaining(address),
    });
});

it("p2p: an address of either family", () => {
  expect(tcpAddress({ host: "127.0.0.1", port: 1 })).toBe("/ip4/127.0.0.1/tcp/1");
  expect(tcpAddress({ host: "::", port: 2 })).toBe("/ip6/::/tcp/2");
});

it("what the system forbids, and what nobody foresaw, is said of the port", () => {
  const why = (code: string) => listenError("RPC", "127.0.0.1", 80, Object.assign(new Error(code), { code }));
  expect(why("EACCES")).toMatchObject({ code: "LISTEN_FAILED", message: expect.stringContaining("does not permit") });
  expect(why("EMFILE")).toMatchObject({ code: "LISTEN_FAILED", data: { cause: "EMFILE" } });
});

it.each([
  ["rpc", rpc],
  ["metrics", (host: string, port: number) => startMetricsServer({ host, port }, createMetricsRegistry())],
] as const)("%s: a host or port that cannot be listened on has its code, host and cause", async (_, listen) => {
  // 192.0.2.0/24 and .invalid are reserved so that nobody has them (RFC 5737, RFC 6761)
  await expect(listen("192.0.2.1", 0)).rejects.toMatchObject({
    code: "HOST_UNUSABLE",
    message: expect.stringContaining("192.0.2.1 is not"),
  });
  await expect(listen("host.invalid", 0)).rejects.toMatchObject({
    code: "HOST_UNUSABLE",
    message: expect.stringContaining("host.invalid"),
  });
  const holder = createServer();
  await new Promise<void>((done) => holder.listen(0, "127.0.0.1", done));
  const { port } = holder.address() as { port: number };
  await expect(listen("127.0.0.1", port)).rejects.toMatchObject({ code: "PORT_IN_USE", data: { port } });
  holder.close();
});
