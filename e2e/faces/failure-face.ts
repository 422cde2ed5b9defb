/** Failures told as lines of source, by noema trace, from what Hardhat and Foundry leave of a compilation. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Abi, encodeFunctionData, getAddress, type Hex } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningDevnet, rpc, startDevnet } from "../harness/devnet.ts";
import { runCommand } from "../harness/run-command.ts";
import { type Clients, createClients, deploy } from "../harness/viem-clients.ts";
import { until } from "../harness/wait.ts";

const LAUNCHER = fileURLToPath(new URL("../../bin/noema.mjs", import.meta.url));
const INFO = fileURLToPath(new URL("../../devnet/src/artifacts/testing/build-info.json", import.meta.url));
const SOURCE = fileURLToPath(new URL("../contracts/Vault.sol", import.meta.url));
const PATH = "contracts/Vault.sol";

type Code = { object: string; sourceMap: string };
type Built = { abi: Abi; evm: { bytecode: Code; deployedBytecode: Code } };

export function failureFace(net: () => RunningDevnet): void {
  describe("failures", () => {
    const info = JSON.parse(readFileSync(INFO, "utf8"));
    const built = info.output.contracts[PATH] as Record<"Vault" | "Caller", Built>;
    const folder = mkdtempSync(join(tmpdir(), "noema-artifacts-"));
    const rows = readFileSync(SOURCE, "utf8").split("\n");
    /** As the stack writes the first row that has these words, where they begin. */
    const at = (words: string) => {
      const row = rows.findIndex((x) => x.includes(words));
      return `(${PATH}:${row + 1}:${(rows[row] as string).indexOf(words) + 1})`;
    };
    let c: Clients;
    let vault: Hex;
    let caller: Hex;
    beforeAll(async () => {
      const hardhat = join(folder, "hardhat", "artifacts", "build-info");
      mkdirSync(hardhat, { recursive: true });
      writeFileSync(join(hardhat, "1.json"), JSON.stringify(info));
      writeFoundry(join(folder, "foundry"), built);
      c = createClients(net(), 4);
      vault = await deploy(c, artifact("Vault"), [3n]);
      caller = await deploy(c, artifact("Caller"), [vault]);
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    function artifact(name: "Vault" | "Caller") {
      const { abi, evm } = built[name];
      return { abi, bytecode: `0x${evm.bytecode.object}` as Hex, deployedBytecode: `0x${evm.deployedBytecode.object}` as Hex };
    }
    async function failed(to: Hex | undefined, data: Hex): Promise<Hex> {
      const hash = await c.wallet.sendTransaction({ to, data, gas: 2_000_000n } as never);
      expect((await c.publicClient.waitForTransactionReceipt({ hash })).status).toBe("reverted");
      return hash;
    }
    const call = (name: "Vault" | "Caller", functionName: string, ...args: unknown[]) =>
      failed(name === "Vault" ? vault : caller, encodeFunctionData({ abi: built[name].abi, functionName, args }));
    async function stackOf(hash: Hex, project = "hardhat"): Promise<string[]> {
      const args = ["trace", hash, "--rpc", net().rpcUrl, "--artifacts", join(folder, project)];
      const { stdout, stderr } = await runCommand(process.execPath, [LAUNCHER, ...args]);
      expect(stderr).toBe("");
      const lines = stdout.trimEnd().split("\n");
      return lines.slice(lines.findIndex((line) => line.startsWith("Error: ")));
    }

    it("a custom error, through a modifier, another contract and an internal function", async () => {
      const hash = await call("Caller", "forward", 5n);
      const stack = [
        `Error: execution reverted: TooMuch(${getAddress(caller)}, 5, 3)`,
        `    at Vault.onlySmall ${at("TooMuch(msg.sender")}`,
        `    at Caller.pass ${at("vault.take(amount);")}`,
        `    at Caller.forward ${at("pass(amount);")}`,
      ];
      expect(await stackOf(hash)).toEqual(stack);
      expect(await stackOf(hash, "foundry")).toEqual(stack);
    });

    it("as lines of the devnet's own console, where it was told of the project", async () => {
      const own = await startDevnet(["--validators", "1", "--artifacts", join(folder, "hardhat")]);
      try {
        const client = createClients(own, 4);
        const there = await deploy(client, artifact("Vault"), [3n]);
        const data = encodeFunctionData({ abi: built.Vault.abi, functionName: "take", args: [5n] });
        await client.wallet.sendTransaction({ to: there, data, gas: 1_000_000n } as never);
        await until(
          () => own.output().includes(`    at Vault.onlySmall ${at("TooMuch(msg.sender")}`),
          () => own.output(),
        );
        expect(own.output()).toContain(`Error: execution reverted: TooMuch(${client.account.address}, 5, 3)`);
      } finally {
        await own.destroy();
      }
    });

    it("a panic by its name, at the line that the compiler's helper was entered from", async () => {
      expect(await stackOf(await call("Vault", "get", 7n))).toEqual([
        "Error: execution reverted: out-of-bounds access of an array or bytesN",
        `    at Vault.element ${at("list[i]")}`,
        `    at Vault.get ${at("element(i);")}`,
      ]);
    });

    it("a constructor in a transaction of its own, and one that a contract runs", async () => {
      const no = `    at Vault.constructor ${at('require(limit_ > 0, "no limit")')}`;
      const zero = `0x${built.Vault.evm.bytecode.object}${"0".repeat(64)}` as Hex;
      expect(await stackOf(await failed(undefined, zero))).toEqual(["Error: execution reverted: no limit", no]);
      expect(await stackOf(await call("Caller", "make", 0n))).toEqual([
        "Error: execution reverted: no limit",
        no,
        `    at Caller.make ${at("new Vault(limit)")}`,
      ]);
    });

    it("what a contract says of its own after it took another's failure, and what nobody says anything of", async () => {
      expect(await stackOf(await call("Caller", "guarded", 5n))).toEqual([
        "Error: execution reverted: the vault said no",
        `    at Caller.guarded ${at('revert("the vault said no")')}`,
      ]);
      const [first, second] = await stackOf(await call("Vault", "burn"));
      expect(first).toMatch(/^Error: invalid opcode/);
      expect(second).toBe(`    at Vault.burn ${at("invalid()")}`);
    });

    it("a call that is only tried, and one that does not fail", async () => {
      const data = encodeFunctionData({ abi: built.Vault.abi, functionName: "get", args: [0n] });
      const frames = await rpc<{ to: Hex; error: string; pc: number; jumps: number[] }[]>(net().rpcUrl, "noema_traceFailure", {
        to: vault,
        data,
      });
      expect(frames).toMatchObject([{ to: vault.toLowerCase(), error: "execution reverted", pc: expect.any(Number) }]);
      expect(await rpc(net().rpcUrl, "noema_traceFailure", { to: vault, data: "0xb1e5e2b7" })).not.toBeNull();
      const limit = encodeFunctionData({ abi: built.Vault.abi, functionName: "limit" });
      expect(await rpc(net().rpcUrl, "noema_traceFailure", { to: vault, data: limit })).toBeNull();
    });
  });
}

/** As `forge build` lays it out: an artifact a contract, sources beside `out`. */
function writeFoundry(root: string, built: Record<string, Built>): void {
  mkdirSync(join(root, "contracts"), { recursive: true });
  writeFileSync(join(root, PATH), readFileSync(SOURCE, "utf8"));
  for (const [name, { abi, evm }] of Object.entries(built)) {
    const out = join(root, "out", "Vault.sol");
    mkdirSync(out, { recursive: true });
    const code = (x: Code) => ({ ...x, object: `0x${x.object}` });
    const metadata = { settings: { compilationTarget: { [PATH]: name } } };
    const artifact = { abi, bytecode: code(evm.bytecode), deployedBytecode: code(evm.deployedBytecode), metadata, id: 0 };
    writeFileSync(join(out, `${name}.json`), JSON.stringify(artifact));
  }
}
