/** Foundry's `cast`, as a person types it. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { counter } from "../harness/artifacts.ts";
import type { RunningDevnet } from "../harness/devnet.ts";
import { runCommand } from "../harness/run-command.ts";
import { PATIENCE_MS } from "../harness/wait.ts";

const CAST = fileURLToPath(new URL("../node_modules/.bin/cast", import.meta.url));

/** Its own 45 s is a verdict on the machine. */
const RPC_TIMEOUT_S = String(PATIENCE_MS / 1000);

export function castClient(net: () => RunningDevnet): void {
  describe.skipIf(!existsSync(CAST))("cast", () => {
    const run = async (command: string, ...args: string[]) =>
      runCommand(CAST, [command, "--rpc-url", net().rpcUrl, "--rpc-timeout", RPC_TIMEOUT_S, ...args]);
    const cast = async (command: string, ...args: string[]) => {
      const { code, stdout, stderr } = await run(command, ...args);
      if (code !== 0 || stdout === "") throw new Error(`cast ${command} ${args.join(" ").slice(0, 200)}: ${stderr}`);
      return stdout.trim();
    };
    const key = () => ["--private-key", net().accounts[6]?.privateKey as string];
    const own = () => net().accounts[6]?.address as string;
    const other = () => net().accounts[8]?.address as string;
    let address: string;
    beforeAll(async () => {
      const receipt = JSON.parse(await cast("send", ...key(), "--json", "--create", counter.bytecode));
      expect(receipt.status).toBe("0x1");
      address = receipt.contractAddress;
    });

    it("asks about the chain", async () => {
      expect(await cast("chain-id")).toBe("31337");
      expect(await cast("client")).toMatch(/^anvil\/v\d\S* \(noema\/\d/);
      expect(Number(await cast("block-number"))).toBeGreaterThan(0);
      expect(BigInt(await cast("gas-price"))).toBeGreaterThan(0n);
      expect(BigInt(await cast("balance", own()))).toBeGreaterThan(0n);
      expect(await cast("block", "latest", "--field", "hash")).toMatch(/^0x[0-9a-f]{64}$/);
      expect(await cast("codesize", address)).toBe(String((counter.deployedBytecode.length - 2) / 2));
    });

    it("sends, calls, estimates and reads logs", async () => {
      const receipt = JSON.parse(await cast("send", ...key(), "--json", address, "set(uint256)", "21"));
      expect(receipt).toMatchObject({ status: "0x1", type: "0x2" });
      expect(await cast("call", address, "value()(uint256)")).toBe("21");
      expect(await cast("storage", address, "0")).toBe(`0x${"15".padStart(64, "0")}`);
      expect(Number(await cast("estimate", "--from", own(), address, "increment()"))).toBeGreaterThan(21_000);
      const logs = JSON.parse(
        await cast("logs", "--json", "--from-block", "0", "--address", address, "Changed(address indexed,uint256 indexed,string)"),
      );
      expect(logs).toHaveLength(1);
      expect(await cast("receipt", receipt.transactionHash, "status")).toBe("true");
      expect(await cast("tx", receipt.transactionHash, "nonce")).toBe("1");
    });

    it("sends legacy, access-list, blob and 7702 transactions", async () => {
      const send = async (...args: string[]) => JSON.parse(await cast("send", ...key(), "--json", ...args));
      expect(await send("--legacy", other(), "--value", "1")).toMatchObject({ status: "0x1", type: "0x0" });
      const list = JSON.stringify([{ address, storageKeys: [`0x${"0".repeat(64)}`] }]);
      expect(await send("--access-list", list, address, "increment()")).toMatchObject({ status: "0x1" });
      const blob = ["--blob", "--path", fileURLToPath(import.meta.url), "--blob-gas-price", "1000000000"];
      expect(await send(...blob, other())).toMatchObject({ status: "0x1", type: "0x3", blobGasUsed: "0x20000" });
      expect(await send("--auth", address, own(), "set(uint256)", "5", "--gas-limit", "200000")).toMatchObject({
        status: "0x1",
        type: "0x4",
      });
      expect(await cast("call", own(), "value()(uint256)")).toBe("5");
    });

    it("says why a call reverts", async () => {
      // Only stderr tells: the npm package's launcher loses the exit code.
      expect((await run("call", address, "failWithReason()")).stderr).toContain("execution reverted: as asked");
      expect((await run("call", address, "set(uint256)", "1001")).stderr).toContain("execution reverted");
      const refused = await run("send", ...key(), address, "set(uint256)", "1001");
      expect([refused.stdout, refused.stderr]).toEqual(["", expect.stringContaining("execution reverted")]);
    });

    it("gets proofs, and follows nonces", async () => {
      const proof = JSON.parse(await cast("proof", address, "0"));
      expect(proof.accountProof.length).toBeGreaterThan(0);
      const nonce = Number(await cast("nonce", own()));
      const hashes = await Promise.all(
        [0, 1, 2].map((i) =>
          cast("send", ...key(), "--async", "--nonce", String(nonce + i), "--gas-limit", "21000", other(), "--value", "1"),
        ),
      );
      for (const hash of hashes) expect(await cast("receipt", hash, "status")).toBe("true");
      expect(Number(await cast("nonce", own()))).toBe(nonce + 3);
    });
  });
}
