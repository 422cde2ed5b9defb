/** Transactions that must not pass: each gets its typed error, and the chain goes on. */
import { RLP } from "@ethereumjs/rlp";
import { type Hex, keccak256, parseEther, parseGwei, serializeTransaction, toHex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { type RunningDevnet, rpc } from "../harness/devnet.ts";
import { type Clients, createClients } from "../harness/viem-clients.ts";
import { until } from "../harness/wait.ts";

/** Of secp256k1. */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** A transfer still passes at every validator: the node goes on. */
export async function stillGoesOn(net: RunningDevnet): Promise<void> {
  const from = net.accounts[9]?.address;
  for (const url of net.rpcUrls) {
    const hash = await rpc<Hex>(url, "eth_sendTransaction", { from, to: from, value: "0x1" });
    await until(
      async () => (await rpc(url, "eth_getTransactionReceipt", hash)) !== null,
      () => `${hash} was not included`,
    );
    if (net.rpcUrls.length > 1) break; // one is enough for a chain that needs three of them
  }
}

export function badTransactions(net: () => RunningDevnet): void {
  describe("bad transactions", () => {
    let c: Clients;
    let nonce: number;
    const to = `0x${"11".repeat(20)}` as Hex;
    beforeAll(() => {
      c = createClients(net(), 8);
    });
    afterEach(() => stillGoesOn(net()));

    const fields = async () => {
      nonce = await c.publicClient.getTransactionCount({ address: c.account.address });
      const fees = { maxFeePerGas: parseGwei("10"), maxPriorityFeePerGas: parseGwei("1") };
      return { type: "eip1559", chainId: net().chainId, nonce, to, value: 1n, gas: 21_000n, ...fees } as const;
    };
    const sign = async (change: object) => c.account.signTransaction({ ...(await fields()), ...change } as never);
    const send = (raw: Hex) => rpc<Hex>(net().rpcUrl, "eth_sendRawTransaction", raw);
    const refusal = (raw: Hex) =>
      send(raw).then(
        (hash) => `accepted as ${hash}`,
        (error: { code: number; message: string; data: { code: string } }) => [error.code, error.data.code],
      );

    it.each([
      ["another chain's id", { chainId: 1 }, "TX_CHAIN_ID"],
      ["gas below its own cost", { gas: 20_999n }, "TX_INTRINSIC_GAS_TOO_LOW"],
      ["gas above the limit of a transaction", { gas: 2n ** 24n + 1n }, "TX_GAS_LIMIT_TOO_HIGH"],
      ["gas below the calldata floor", { gas: 22_000n, data: `0x${"ff".repeat(100)}` }, "TX_INTRINSIC_GAS_TOO_LOW"],
      ["more value than the account has", { value: parseEther("20000") }, "TX_INSUFFICIENT_FUNDS"],
      ["too large creation code", { to: null, gas: 16_000_000n, data: `0x${"00".repeat(49_153)}` }, "TX_INITCODE_TOO_LARGE"],
      ["no authorization in type 4", { type: "eip7702", authorizationList: [] }, "TX_AUTHORIZATIONS_EMPTY"],
    ])("refuses %s", async (_, change, code) => {
      expect(await refusal(await sign(change))).toEqual([-32000, code]);
    });

    it("refuses a tip above the fee cap", async () => {
      // By hand: no client library signs this.
      const t = await fields();
      const list = [t.chainId, t.nonce, t.maxFeePerGas + 1n, t.maxFeePerGas, t.gas, t.to, t.value, "0x", []];
      const envelope = (items: unknown[]) => `0x02${Buffer.from(RLP.encode(items as never)).toString("hex")}` as Hex;
      const signature = await c.account.sign({ hash: keccak256(envelope(list)) });
      const [r, s] = [BigInt(signature.slice(0, 66)), BigInt(`0x${signature.slice(66, 130)}`)];
      const raw = envelope([...list, signature.endsWith("1c") ? 1 : 0, r, s]);
      expect(await refusal(raw)).toEqual([-32000, "TX_TIP_ABOVE_FEE_CAP"]);
    });

    it("refuses signatures that are none", async () => {
      const tx = await fields();
      const hash = keccak256(serializeTransaction(tx));
      const good = await c.account.sign({ hash });
      const [r, s] = [`0x${good.slice(2, 66)}`, `0x${good.slice(66, 130)}`] as [Hex, Hex];
      const yParity = good.endsWith("1c") ? 1 : 0;
      const wrong = [
        { r, s: toHex(ORDER - BigInt(s), { size: 32 }), yParity: 1 - yParity }, // high s, EIP-2
        { r: toHex(ORDER, { size: 32 }), s, yParity },
        { r: toHex(0, { size: 32 }), s, yParity },
        { r, s: toHex(0, { size: 32 }), yParity },
        { r: `0x${"ff".repeat(32)}` as Hex, s: `0x${"ff".repeat(32)}` as Hex, yParity },
        { r: toHex(5, { size: 32 }), s, yParity }, // 5 is no x of a point on the curve
      ];
      for (const signature of wrong) expect(await refusal(serializeTransaction(tx, signature))).toEqual([-32000, "TX_SIGNATURE_INVALID"]);
      // Another's signature is a valid one of an unknown, poor account.
      const stranger = await privateKeyToAccount(generatePrivateKey()).signTransaction(tx);
      expect(await refusal(stranger)).toEqual([-32000, expect.stringMatching(/TX_(INSUFFICIENT_FUNDS|NONCE_TOO_LOW)/)]);
      const raw = serializeTransaction(tx, { r, s, yParity }); // the control
      await c.publicClient.waitForTransactionReceipt({ hash: await send(raw) });
      expect(await refusal(raw)).toEqual([-32000, expect.stringMatching(/TX_NONCE_TOO_LOW|POOL_KNOWN/)]);
    });

    it("refuses a nonce that was used, and keeps one far ahead in the queue", async () => {
      const hash = await send(await sign({}));
      await c.publicClient.waitForTransactionReceipt({ hash });
      expect(await refusal(await sign({ nonce }))).toEqual([-32000, "TX_NONCE_TOO_LOW"]);
      const far = await send(await sign({ nonce: 2 ** 53 - 1 }));
      expect(await rpc(net().rpcUrl, "eth_getTransactionReceipt", far)).toBeNull();
      expect(await c.publicClient.getTransactionCount({ address: c.account.address, blockTag: "pending" })).toBe(nonce);
    });

    it.each([
      ["nothing", "0x", "RPC_PARAMS_INVALID"],
      ["half a byte", "0x123", "RPC_PARAMS_INVALID"],
      ["no hex", "0xzz", "RPC_PARAMS_INVALID"],
      ["an unknown type", "0x7f01", "TX_TYPE_UNSUPPORTED"],
      ["cut RLP", "0x02f8", "RLP_INVALID"],
      ["RLP of something else", "0xc0", undefined],
      ["a list of a gigabyte", "0xfb40000000", undefined],
      ["noise", `0x02${"a5".repeat(500)}`, undefined],
    ])("refuses %s", async (_, raw, code) => {
      const [number, type] = (await refusal(raw as Hex)) as [number, string];
      expect([-32000, -32602]).toContain(number);
      if (code === undefined) expect(type).toMatch(/^(RLP_INVALID|TX_[A-Z_]+)$/);
      else expect(type).toBe(code);
    });
  });
}
