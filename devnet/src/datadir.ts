/**
 * A devnet's data directory:
 *   devnet.json              what it was made with
 *   genesis.json             shared by all validators
 *   validator-<i>/keys/      BLS key, peer key
 *   validator-<i>/config.json, node.log, and the stores
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NoemaError } from "@noema/core/errors";
import { type Genesis, genesisHash } from "@noema/core/genesis";
import { loadPeerKey } from "@noema/node/keys/peer-key";
import { initValidator } from "@noema/node/setup";
import { createGenesis } from "./genesis.ts";
import { generateValidatorKeys } from "./keys.ts";
import type { DevnetOptions } from "./options.ts";

/** Options that genesis depends on: a directory keeps them for life. */
const FIXED = ["validators", "chainId", "accounts", "balance", "mnemonic", "gasLimit", "baseFee", "hardfork", "blockTime"] as const;

export type Datadir = { path: string; genesis: Genesis; genesisPath: string; folders: string[]; peerIds: string[]; resumed: boolean };

export function validatorFolder(datadir: string, index: number): string {
  return join(datadir, `validator-${index}`);
}

/** Those that exist, whatever the options are now. */
export function existingFolders(datadir: string): string[] {
  const folders: string[] = [];
  for (let i = 0; existsSync(validatorFolder(datadir, i)); i++) folders.push(validatorFolder(datadir, i));
  return folders;
}

/** Makes the directory, or opens one made with the same options; throws DEV_DATADIR_MISMATCH. */
export async function prepareDatadir(datadir: string, options: DevnetOptions): Promise<Datadir> {
  if (options.fresh) forget(datadir);
  const manifest = join(datadir, "devnet.json");
  const genesisPath = join(datadir, "genesis.json");
  const folders = Array.from({ length: options.validators }, (_, i) => validatorFolder(datadir, i));
  const fixed = Object.fromEntries(FIXED.map((name) => [name, options[name] ?? null]));
  const resumed = existsSync(manifest);
  if (resumed) checkSame(datadir, JSON.parse(readFileSync(manifest, "utf8")), fixed);
  else await create(datadir, genesisPath, folders, options);
  if (!resumed) writeFileSync(manifest, `${JSON.stringify(fixed, null, 2)}\n`); // last: a half-made directory is made again
  const genesis = JSON.parse(readFileSync(genesisPath, "utf8")) as Genesis;
  const peerIds = (await Promise.all(folders.map(loadPeerKey))).map((x) => x.id);
  return { path: datadir, genesis, genesisPath, folders, peerIds, resumed };
}

async function create(datadir: string, genesisPath: string, folders: readonly string[], options: DevnetOptions): Promise<void> {
  forget(datadir);
  mkdirSync(datadir, { recursive: true });
  const keys = generateValidatorKeys(folders.length);
  const genesis = createGenesis(options, keys);
  await Promise.all(folders.map((folder, i) => initValidator(folder, genesisHash(genesis), keys[i])));
  writeFileSync(genesisPath, `${JSON.stringify(genesis, null, 2)}\n`);
}

function checkSame(datadir: string, was: Record<string, unknown>, is: Record<string, unknown>): void {
  for (const name of FIXED) {
    if (was[name] === is[name]) continue;
    const flag = name.replace(/[A-Z]/g, (x) => `-${x.toLowerCase()}`);
    const message = `${datadir} was made with --${flag} ${was[name] ?? "(default)"}, not ${is[name] ?? "(default)"}: use that, another --datadir, or --fresh`;
    throw new NoemaError("DEV_DATADIR_MISMATCH", message, { name, was: was[name], is: is[name] });
  }
}

/** Removes what a devnet wrote there, and nothing else. */
function forget(datadir: string): void {
  for (const name of ["devnet.json", "genesis.json"]) rmSync(join(datadir, name), { force: true });
  for (const folder of existingFolders(datadir)) rmSync(folder, { recursive: true });
}
