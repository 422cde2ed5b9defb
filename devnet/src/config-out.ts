import { writeJson } from "@noema/node/files/write-file";
import { lockOwner } from "@noema/node/store/datadir-lock";
import type { Devnet } from "./devnet.ts";

/** The machine-readable description of a running devnet as it is now, for scripts and tests. */
export async function describeDevnet(devnet: Devnet) {
  // A validator that was restarted by its command is another process; of one that has ended the last is named.
  const owners = await Promise.all(devnet.folders.map(lockOwner));
  const pids = devnet.validators.map((x, i) => owners[i]?.pid ?? x.pid);
  return {
    chainId: devnet.chainId,
    rpcUrl: devnet.rpcUrls[0],
    wsUrl: devnet.rpcUrls[0]?.replace(/^http/, "ws"),
    rpcUrls: devnet.rpcUrls,
    accounts: devnet.accounts,
    pids,
    validators: devnet.validators.map((x, index) => ({
      index,
      pid: pids[index],
      datadir: devnet.folders[index],
      rpcUrl: devnet.rpcUrls[index],
      command: x.command,
    })),
  };
}

/** A reader sees the whole file or none. Throws FILE_UNWRITABLE. */
export async function writeConfigOut(path: string, devnet: Devnet): Promise<void> {
  writeJson(path, await describeDevnet(devnet));
}
