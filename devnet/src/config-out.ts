import { renameSync, writeFileSync } from "node:fs";
import type { Devnet } from "./devnet.ts";

/** The machine-readable description of a running devnet, for scripts and tests. */
export function describeDevnet(devnet: Devnet) {
  return {
    chainId: devnet.chainId,
    rpcUrl: devnet.rpcUrls[0],
    wsUrl: devnet.rpcUrls[0]?.replace(/^http/, "ws"),
    rpcUrls: devnet.rpcUrls,
    accounts: devnet.accounts,
    pids: devnet.validators.map((x) => x.pid),
    validators: devnet.validators.map((x, index) => ({
      index,
      pid: x.pid,
      datadir: devnet.folders[index],
      rpcUrl: devnet.rpcUrls[index],
      command: x.command,
    })),
  };
}

/** Atomic: a reader sees the whole file or none. */
export function writeConfigOut(path: string, devnet: Devnet): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(describeDevnet(devnet), null, 2)}\n`);
  renameSync(temporary, path);
}
