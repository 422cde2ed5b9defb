/** Requests that must not pass, over HTTP and WebSocket: each gets its typed error or its connection is closed; the node goes on. */
import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type RunningDevnet, rpc } from "../harness/devnet.ts";
import { stillGoesOn } from "./bad-transactions.ts";

const MB = 1_000_000;

/** Sends bytes and answers all that comes until the other side closes. */
async function rawExchange(url: string, bytes: Uint8Array | string, end = false): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let answer = "";
  socket.on("data", (chunk) => (answer += chunk.toString("latin1")));
  socket.on("error", () => {});
  socket.write(bytes);
  if (end) socket.end();
  await new Promise((closed) => socket.once("close", closed));
  return answer;
}

export function badRequests(net: () => RunningDevnet): void {
  describe("bad requests", () => {
    afterEach(() => stillGoesOn(net()));
    const post = async (body: string) => {
      const response = await fetch(net().rpcUrl, { method: "POST", body });
      return { status: response.status, ...((await response.json()) as { id: unknown; error: { code: number; data: { code: string } } }) };
    };
    const codes = async (body: string) => {
      const { error } = await post(body);
      return [error.code, error.data.code];
    };
    const call = (method: string, ...params: unknown[]) => codes(JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }));

    it("refuses what is no JSON-RPC", async () => {
      expect(await codes('{"jsonrpc":"2.0","method"')).toEqual([-32700, "RPC_PARSE"]);
      expect(await codes("")).toEqual([-32700, "RPC_PARSE"]);
      expect(await codes("\u0000\ufffe")).toEqual([-32700, "RPC_PARSE"]);
      expect(await codes("null")).toEqual([-32600, "RPC_REQUEST_INVALID"]);
      expect(await codes("[]")).toEqual([-32600, "RPC_REQUEST_INVALID"]);
      expect(await codes('{"id":1,"method":"eth_chainId"}')).toEqual([-32600, "RPC_REQUEST_INVALID"]);
      expect(await codes('{"jsonrpc":"2.0","id":1,"method":5}')).toEqual([-32600, "RPC_REQUEST_INVALID"]);
      expect(await codes('{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":{}}')).toEqual([-32602, "RPC_PARAMS_INVALID"]);
      expect(await call("eth_nonsense")).toEqual([-32601, "RPC_METHOD_UNKNOWN"]);
      expect(await call("__proto__")).toEqual([-32601, "RPC_METHOD_UNKNOWN"]);
    });

    it("refuses what is too deep, too many or too large", async () => {
      const deep = "[".repeat(100_000) + "]".repeat(100_000);
      expect(await codes(deep)).toEqual([-32600, "RPC_REQUEST_INVALID"]);
      expect(await codes(`{"jsonrpc":"2.0","id":1,"method":"eth_call","params":${deep}}`)).toEqual([-32600, "RPC_REQUEST_INVALID"]);
      const request = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId" });
      expect(await codes(`[${Array(1001).fill(request).join(",")}]`)).toEqual([-32005, "RPC_LIMIT"]);
      const large = await post(`{"jsonrpc":"2.0","id":1,"method":"web3_sha3","params":["0x${"00".repeat(5 * MB)}"]}`);
      expect([large.status, large.error.code, large.error.data.code]).toEqual([413, -32005, "RPC_LIMIT"]);
    });

    it("refuses parameters of the wrong form", async () => {
      const invalid = [-32602, "RPC_PARAMS_INVALID"];
      expect(await call("eth_getBalance")).toEqual(invalid);
      expect(await call("eth_getBalance", "0x12", "latest")).toEqual(invalid);
      expect(await call("eth_getBalance", 5, "latest")).toEqual(invalid);
      expect(await call("eth_getBalance", `0x${"00".repeat(20)}`, "newest")).toEqual(invalid);
      expect(await call("eth_getBalance", `0x${"00".repeat(20)}`, -1)).toEqual(invalid);
      expect(await call("eth_getBalance", `0x${"00".repeat(20)}`, {})).toEqual(invalid);
      expect(await call("eth_getBlockByNumber", "0x01", false)).toEqual(invalid);
      expect(await call("eth_getBlockByNumber", `0x${"f".repeat(65)}`, false)).toEqual(invalid);
      expect(await call("eth_getBlockByHash", "0x00", false)).toEqual(invalid);
      expect(await call("eth_call", "0x", "latest")).toEqual(invalid);
      expect(await call("eth_call", { to: "0xnothing" }, "latest")).toEqual(invalid);
      expect(await call("eth_call", { value: "1" }, "latest")).toEqual(invalid);
      expect(await call("eth_getLogs", { fromBlock: "0x5", toBlock: "0x1" })).toEqual(invalid);
      expect(await call("eth_getLogs", { topics: Array(5).fill(null) })).toEqual(invalid);
      expect(await call("eth_feeHistory", "0x1", "latest", [101])).toEqual(invalid);
      expect(await call("eth_getProof", `0x${"00".repeat(20)}`, Array(1025).fill("0x0"), "latest")).toEqual(invalid);
      expect(await call("eth_getBalance", `0x${"00".repeat(20)}`, "0xffffff")).toEqual([-32001, "RPC_BLOCK_UNKNOWN"]);
      expect(await call("eth_subscribe", "newHeads")).toEqual([expect.any(Number), "RPC_NEEDS_WEBSOCKET"]);
      expect(await call("noema_inferGas", `0x${"77".repeat(32)}`)).toEqual(invalid);
      expect(await call("noema_finality", "0xffffff")).toEqual([-32001, "RPC_BLOCK_UNKNOWN"]);
    });

    it("stops calls that would run without end or fill the memory", async () => {
      const loop = "0x5b600056"; // JUMPDEST PUSH1 0 JUMP
      expect(await call("eth_call", { data: loop }, "latest")).toEqual([-32000, "CALL_FAILED"]);
      const hog = "0x6001637fffffff52"; // one byte at 2 GB
      expect(await call("eth_call", { data: hog, gas: "0xffffffffffffff" }, "latest")).toEqual([-32000, "CALL_FAILED"]);
    });

    it("refuses data that are none", async () => {
      const put = async (body: string | Uint8Array<ArrayBuffer>, query = "") => {
        const response = await fetch(`${net().rpcUrl}/da${query}`, { method: "PUT", body });
        return [response.status, ((await response.json()) as { code: string }).code];
      };
      expect(await put(new Uint8Array(33 * 126_976), "?raw")).toEqual([413, "RPC_DA_TOO_LARGE"]);
      expect(await put("", "?raw")).toEqual([400, "RPC_DA_QUERY_INVALID"]);
      expect(await put("x", "?namespace=0x")).toEqual([400, "RPC_DA_QUERY_INVALID"]);
      const get = async (path: string) => {
        const response = await fetch(`${net().rpcUrl}${path}`);
        return [response.status, ((await response.json()) as { code: string }).code];
      };
      expect(await get(`/da/0x${"11".repeat(32)}`)).toEqual([404, "DA_NOT_FOUND"]);
      expect(await get("/da/0x1234")).toEqual([400, "RPC_DA_ID_INVALID"]);
      expect(await get("/nothing")).toEqual([404, "RPC_PATH_UNKNOWN"]);
      // A length that is a lie, in both directions, and none at all.
      const head = "PUT /da?raw HTTP/1.1\r\nHost: localhost\r\n";
      expect(await rawExchange(net().rpcUrl, `${head}Content-Length: 1000\r\n\r\nshort`, true)).not.toMatch(/^HTTP\/1.1 200/);
      expect(await rawExchange(net().rpcUrl, `${head}Content-Length: -5\r\n\r\nx`)).toMatch(/^HTTP\/1.1 400/);
      expect(await rawExchange(net().rpcUrl, `${head}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n`)).toMatch(
        /^HTTP\/1.1 411/,
      );
    });

    it("survives bytes that are no HTTP", async () => {
      expect(await rawExchange(net().rpcUrl, "\u0016\u0003\u0001garbage\r\n\r\n")).toMatch(/^HTTP\/1.1 400/);
      expect(await rawExchange(net().rpcUrl, `GET / HTTP/1.1\r\nX: ${"y".repeat(100_000)}\r\n\r\n`)).toMatch(/^HTTP\/1.1 4/);
    });

    it("answers garbage on a WebSocket, and closes it for a frame beyond all bounds", async () => {
      const socket = new WebSocket(net().wsUrl);
      await once(socket as never, "open");
      const ask = async (message: string | Uint8Array<ArrayBuffer>) => {
        const answered = once(socket as never, "message") as Promise<[MessageEvent]>;
        socket.send(message);
        return JSON.parse((await answered)[0].data as string) as { result?: unknown; error?: { data: { code: string } } };
      };
      expect((await ask("garbage")).error?.data.code).toBe("RPC_PARSE");
      expect((await ask(new Uint8Array([0, 255, 128]))).error?.data.code).toBe("RPC_PARSE");
      expect((await ask("x".repeat(6 * MB))).error?.data.code).toBe("RPC_LIMIT");
      expect((await ask('{"jsonrpc":"2.0","id":1,"method":"eth_unsubscribe","params":["0x1"]}')).error?.data.code).toBe(
        "RPC_SUBSCRIPTION_UNKNOWN",
      );
      expect((await ask('{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}')).result).toBe(await rpc(net().rpcUrl, "eth_chainId"));
      const closed = once(socket as never, "close") as Promise<[CloseEvent]>;
      socket.send("x".repeat(21 * MB));
      expect([1009, 1006]).toContain((await closed)[0].code); // 1006: the reset came before its reason was read
    });

    it("closes a WebSocket that breaks the protocol", async () => {
      const upgrade = `GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString("base64")}\r\n\r\n`;
      const unmasked = Buffer.concat([Buffer.from(upgrade), Buffer.from([0x81, 0x01, 0x41])]);
      expect(await rawExchange(net().wsUrl.replace("ws", "http"), unmasked)).toMatch(/^HTTP\/1.1 101/);
    });
  });
}
