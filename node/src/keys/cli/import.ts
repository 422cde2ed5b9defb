/** `noema keys import`: one keystore after the other, so that a hundred take the memory of one. */
import { isNoemaError } from "@noema/core/errors";
import { createProgress } from "../../cli/progress.ts";
import { jsonFilesIn } from "../../files/json-files.ts";
import { readKeyFile } from "../key-file.ts";
import { holdKeystore } from "../key-folder.ts";
import { openKeystore, parseKeystore, publicKeyIn } from "../keystore.ts";
import { readSecretFile } from "../secret-file.ts";

/** Throws for the first that cannot be imported; those before it stay, and one that is there already is passed over. */
export async function importKeys(places: string[], { datadir, passwordFile }: { datadir: string; passwordFile: string }): Promise<void> {
  const { say, during } = createProgress();
  const password = readSecretFile(passwordFile);
  const files = places.flatMap(jsonFilesIn);
  let held = 0;
  for (const [i, file] of files.entries()) {
    const keystore = parseKeystore(readKeyFile(file), file);
    await during((s) => `${i + 1} of ${files.length}: ${file} ... ${s} s`, openKeystore(keystore, password, file));
    const before = alreadyHeld(() => holdKeystore(datadir, keystore));
    if (before) held++;
    say(`${i + 1}/${files.length} ${publicKeyIn(keystore)}${before ? "  was there" : ""}`);
  }
  say(`${files.length - held} imported, ${held} were there; what a key has signed elsewhere: noema slashing-protection import`);
}

function alreadyHeld(hold: () => void): boolean {
  try {
    hold();
    return false;
  } catch (error) {
    if (isNoemaError(error, "KEY_EXISTS")) return true;
    throw error;
  }
}
