import { genesisHash } from "@noema/core/genesis";
import { makeFolder } from "@noema/node/files/make-folder";
import { writeJson } from "@noema/node/files/write-file";
import { initValidator } from "@noema/node/setup";
import type { DevAccount } from "./accounts.ts";
import { copyModels } from "./copy-models.ts";
import { createGenesis } from "./genesis.ts";
import { generateValidatorKeys } from "./keys.ts";
import type { DevnetOptions } from "./options.ts";

/** Validators' keys, their genesis and its models, in a folder where no devnet is. Throws FILE_UNREADABLE, FILE_UNWRITABLE, and what `loadModel` throws. */
export async function makeDatadir(
  datadir: string,
  genesisPath: string,
  folders: readonly string[],
  options: DevnetOptions,
  accounts: readonly DevAccount[],
): Promise<void> {
  makeFolder(datadir);
  const keys = generateValidatorKeys(folders.length, options.seed);
  const genesis = createGenesis(options, keys, accounts, copyModels(datadir, options));
  await Promise.all(folders.map((folder, i) => initValidator(folder, genesisHash(genesis), keys[i])));
  writeJson(genesisPath, genesis);
}
