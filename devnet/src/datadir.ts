/**
 * A devnet's data directory:
 *   devnet.json              what it was made with
 *   genesis.json             shared by all validators
 *   models/                  the files that genesis names
 *   validator-<i>/keys/      BLS key, peer key
 *   validator-<i>/config.json, node.log, and the stores
 * It can be moved: paths in it begin at their file's folder.
 */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isNoemaError } from "@noema/core/errors";
import type { Genesis } from "@noema/core/genesis";
import { fileError } from "@noema/node/files/file-error";
import { readJson } from "@noema/node/files/read-json";
import { writeJson } from "@noema/node/files/write-file";
import { loadPeerKey } from "@noema/node/keys/peer-key";
import type { DevAccount } from "./accounts.ts";
import { devError } from "./errors.ts";
import { MODELS_FOLDER, newModels } from "./models.ts";
import { type DevnetOptions, FIXED } from "./options.ts";

export type Datadir = { path: string; genesis: Genesis; genesisPath: string; folders: string[]; peerIds: string[]; resumed: boolean };

/** In a validator's folder. */
export const LOG_FILE = "node.log";

function validatorFolder(datadir: string, index: number): string {
  return join(datadir, `validator-${index}`);
}

/** Those that exist, whatever the options are now. */
export function existingFolders(datadir: string): string[] {
  const folders: string[] = [];
  for (let i = 0; existsSync(validatorFolder(datadir, i)); i++) folders.push(validatorFolder(datadir, i));
  return folders;
}

/** Makes the directory, or opens one made with the same options; throws DEV_DATADIR_MISMATCH, DEV_DATADIR_DAMAGED, KEY_FILE_INVALID, FILE_UNWRITABLE. */
export async function prepareDatadir(datadir: string, options: DevnetOptions, accounts: readonly DevAccount[]): Promise<Datadir> {
  if (options.fresh) forget(datadir);
  const manifest = join(datadir, "devnet.json");
  const genesisPath = join(datadir, "genesis.json");
  const folders = Array.from({ length: options.validators }, (_, i) => validatorFolder(datadir, i));
  const fixed = Object.fromEntries(FIXED.map((name) => [name, options[name] ?? null]));
  const resumed = existsSync(manifest);
  if (resumed) checkSame(datadir, readMade(manifest), fixed);
  else {
    forget(datadir);
    const { makeDatadir } = await import("./make-datadir.ts"); // what makes a chain is not read where one goes on
    await makeDatadir(datadir, genesisPath, folders, options, accounts);
    writeJson(manifest, fixed, 0o600); // last: a half-made directory is made again
  }
  const genesis = readMade(genesisPath) as Genesis;
  if (resumed) checkModels(datadir, genesis, options);
  const peerIds = (await Promise.all(folders.map(loadPeerKey))).map((x) => x.id);
  return { path: datadir, genesis, genesisPath, folders, peerIds, resumed };
}

/** A file that this program wrote whole: one that cannot be read was damaged by something else, and the chain behind it may be whole. */
function readMade(path: string): object {
  try {
    const json = readJson(path);
    if (typeof json === "object" && json !== null) return json;
  } catch (error) {
    if (!isNoemaError(error)) throw error;
    const message = `${error.message}: restore it, or begin again with --fresh, which forgets the chain`;
    throw devError("DEV_DATADIR_DAMAGED", message, { path }, error);
  }
  throw devError("DEV_DATADIR_DAMAGED", `${path} is not a JSON object: restore it, or begin again with --fresh, which forgets the chain`, {
    path,
  });
}

function checkSame(datadir: string, made: object, is: Record<string, unknown>): void {
  const was = made as Record<string, unknown>;
  for (const name of FIXED) {
    if (was[name] === is[name] || (was[name] === undefined && !is[name])) continue; // an option that is younger than the folder
    const flag = name.replace(/[A-Z]/g, (x) => `-${x.toLowerCase()}`);
    const message = `${datadir} was made with --${flag} ${was[name] ?? "(default)"}, not ${is[name] ?? "(default)"}: use that, another --datadir, or --fresh`;
    throw devError("DEV_DATADIR_MISMATCH", message, { name, was: was[name], is: is[name] });
  }
}

function checkModels(datadir: string, genesis: Genesis, options: DevnetOptions): void {
  const { models = [] } = genesis.inference as { models?: [string, string][] };
  const [path] = newModels(models, options);
  if (path !== undefined)
    throw devError("DEV_DATADIR_MISMATCH", `${datadir} was made without the model ${path}: use another --datadir, or --fresh`, { path });
}

/** Removes what a devnet wrote there, and nothing else. */
function forget(datadir: string): void {
  const files = ["devnet.json", "genesis.json"].map((name) => join(datadir, name));
  for (const path of [...files, join(datadir, MODELS_FOLDER), ...existingFolders(datadir)]) {
    try {
      rmSync(path, { force: true, recursive: !files.includes(path) });
    } catch (error) {
      throw fileError("FILE_UNWRITABLE", path, error);
    }
  }
}
