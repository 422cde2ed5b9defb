/** Peers that send garbage or claim to be somebody else: dropped, and the chain goes on. */
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { generateSecretKey, sign } from "@noema/core/crypto/bls";
import { createCertificateScheme } from "@noema/core/crypto/certificate-scheme";
import { signedMessage } from "@noema/core/crypto/signed-message";
import { specHash } from "@noema/core/genesis";
import { encodeFrame } from "@noema/node/p2p/framing";
import type { HelloContext } from "@noema/node/p2p/hello";
import { CONSENSUS, DATA, MAX_DATA_FRAME } from "@noema/node/p2p/protocol";
import { connectRaw } from "@noema/node/p2p/testing/raw-peer";
import { hexToBytes } from "viem";
import { afterEach, describe, expect, it } from "vitest";
import { type RunningDevnet, rpc } from "../harness/devnet.ts";
import { until } from "../harness/wait.ts";
import { stillGoesOn } from "./bad-transactions.ts";

/** multistream-select, then the choice of TLS: what a libp2p connection begins with. */
const BEFORE_TLS = "\x13/multistream/1.0.0\n\x0b/tls/1.0.0\n";

export function badPeers(net: () => RunningDevnet): void {
  describe("bad peers", () => {
    afterEach(() => stillGoesOn(net()));
    const p2pPort = () => {
      const file = join(net().validators[0]?.datadir as string, "config.json");
      return (JSON.parse(readFileSync(file, "utf8")) as { p2p: { port: number } }).p2p.port;
    };
    const address = () => `/ip4/127.0.0.1/tcp/${p2pPort()}`;
    const peers = async () => (await rpc<{ peers: { id: string; validator: number | null }[] }>(net().rpcUrl, "noema_nodeInfo")).peers;

    it.each([
      ["random bytes", Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) & 255))],
      ["an HTTP request", Buffer.from("GET / HTTP/1.1\r\n\r\n")],
      ["a negotiation and then garbage instead of TLS", Buffer.from(`${BEFORE_TLS}${"garbage".repeat(1000)}`, "latin1")],
      ["a negotiation of 4 GB", Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, ...Array(1000).fill(0x41)])],
    ])("drops %s", async (_, bytes) => {
      const socket = connect(p2pPort(), "127.0.0.1");
      socket.on("error", () => {});
      socket.resume();
      socket.write(bytes);
      await new Promise((closed) => socket.once("close", closed)); // by the node: nothing ends it here
    });

    const context = async (): Promise<HelloContext> => {
      const info = await rpc<{ genesisHash: `0x${string}` }>(net().rpcUrl, "noema_nodeInfo");
      const claimed = (await rpc<{ publicKey: `0x${string}` }[]>(net().rpcUrl, "noema_validators")).at(-1) as { publicKey: string };
      const genesisHash = hexToBytes(info.genesisHash);
      const secretKey = generateSecretKey(); // nobody's
      return {
        genesisHash,
        instance: new Uint8Array(16),
        specHash: specHash(),
        signer: {
          publicKey: claimed.publicKey.slice(2),
          sign: async (kind: never, body: Uint8Array) => sign(secretKey, signedMessage(kind, genesisHash, body)),
        } as never,
        scheme: createCertificateScheme(genesisHash),
      };
    };

    it("drops a peer that claims another validator's key, one of another chain, and frames that are none", async () => {
      const before = await peers();
      const liar = await connectRaw(address());
      await liar.hello(await context());
      await liar.closed;
      const stranger = await connectRaw(address());
      await stranger.hello({ ...(await context()), genesisHash: new Uint8Array(32) });
      await stranger.closed;
      const noisy = await connectRaw(address());
      const stream = await noisy.open(CONSENSUS);
      stream.send(encodeFrame(new Uint8Array(300).fill(0xa5)));
      await noisy.closed;
      for (const raw of [liar, stranger, noisy]) await raw.stop();
      // It forgets them when their connections have ended on its side too.
      const validators = async () => String((await peers()).map((x) => x.validator).sort());
      const expected = String(before.map((x) => x.validator).sort());
      await until(
        async () => (await validators()) === expected,
        () => "a bad peer is still there, or a good one was dropped",
      );
    });

    it("ignores garbage of an observer, and drops it for a frame beyond its lane's limit", async () => {
      const { signer: _, ...observer } = await context();
      const raw = await connectRaw(address());
      const stream = await raw.hello(observer);
      stream.send(encodeFrame(new Uint8Array(300).fill(0xa5)));
      const before = (await peers()).length;
      const data = await raw.open(DATA);
      const head = Buffer.alloc(4);
      head.writeUInt32BE(MAX_DATA_FRAME + 1);
      data.send(head);
      await raw.closed;
      await raw.stop();
      expect((await peers()).length).toBeLessThanOrEqual(before);
    });
  });
}
