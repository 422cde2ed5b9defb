/** Who runs in a devnet's data directory now: by the owners of its locks, so also a validator that was restarted by its command. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readNodeConfig } from "@noema/node/config";
import { lockOwner } from "@noema/node/store/datadir-lock";
import { existingFolders } from "../datadir.ts";
import { devError } from "../errors.ts";
import type { Readiness } from "../readiness.ts";

export type ValidatorState = {
  index: number;
  pid: number | null;
  alive: boolean;
  /** silent: it lives and does not answer. */
  state: Readiness["status"] | "silent" | "ended";
  cause: string | null;
  height: number | null;
  rpcUrl: string;
  datadir: string;
};
/** `pid`: the devnet's own process; its validators may outlive it for a moment. */
export type DevnetState = { datadir: string; pid: number | null; validators: ValidatorState[] };

/** Throws DEV_NO_DEVNET, DEV_DATADIR_DAMAGED. */
export async function devnetState(datadir: string, ask: (rpcUrl: string) => Promise<Readiness | undefined>): Promise<DevnetState> {
  if (!existsSync(join(datadir, "devnet.json")))
    throw devError("DEV_NO_DEVNET", `${datadir} is no devnet's data directory: name it with --datadir`, { datadir });
  const folders = existingFolders(datadir);
  if (folders.length === 0)
    throw devError("DEV_DATADIR_DAMAGED", `${datadir} has no validators' folders: restore it, or start again with --fresh`, {
      datadir,
    });
  const validators = await Promise.all(folders.map((folder, index) => validatorState(folder, index, ask)));
  return { datadir, pid: (await lockOwner(datadir))?.pid ?? null, validators };
}

async function validatorState(
  folder: string,
  index: number,
  ask: (rpcUrl: string) => Promise<Readiness | undefined>,
): Promise<ValidatorState> {
  const rpcUrl = readNodeConfig(join(folder, "config.json")).rpcUrls[index] as string; // a devnet writes them all
  const owner = await lockOwner(folder);
  const answer = owner === undefined ? undefined : await ask(rpcUrl); // another program may have the port of one that has ended
  return {
    index,
    pid: owner?.pid ?? null,
    alive: owner !== undefined,
    state: answer?.status ?? (owner === undefined ? "ended" : "silent"),
    cause: answer?.cause ?? null,
    height: answer?.latest ?? null,
    rpcUrl,
    datadir: folder,
  };
}
