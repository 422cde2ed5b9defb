import { writeJson } from "@noema/node/files/write-file";
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

/** A reader sees the whole file or none. Throws FILE_UNWRITABLE. */
export function writeConfigOut(path: string, devnet: Devnet): void {
  writeJson(path, describeDevnet(devnet));
}
