/** `noema keys import`: one keystore after the other, so that a hundred take the memory of one. */
import { createProgress } from "../../cli/progress.ts";
import { jsonFilesIn } from "../../files/json-files.ts";
import { markImported, markKnown } from "../../slashing-protection/moved.ts";
import { readKeyFile } from "../key-file.ts";
import { heldKeys, holdKeystore } from "../key-folder.ts";
import { openKeystore, parseKeystore, publicKeyIn } from "../keystore.ts";
import { readSecretFile } from "../secret-file.ts";

export type ImportOptions = {
  datadir: string;
  passwordFile: string /** None of them has signed anything, anywhere. */;
  neverSigned?: boolean;
};

/**
 * Throws for the first that cannot be imported; those before it stay, and one that is there already is passed over. None signs before
 * it is known what it has signed.
 */
export async function importKeys(places: string[], { datadir, passwordFile, neverSigned = false }: ImportOptions): Promise<void> {
  const { say, during } = createProgress();
  const password = readSecretFile(passwordFile);
  const files = places.flatMap(jsonFilesIn);
  const there = new Set(heldKeys(datadir).map((x) => x.publicKey));
  let held = 0;
  for (const [i, file] of files.entries()) {
    const keystore = parseKeystore(readKeyFile(file), file);
    await during((s) => `${i + 1} of ${files.length}: ${file} ... ${s} s`, openKeystore(keystore, password, file));
    const publicKey = publicKeyIn(keystore);
    const before = there.has(publicKey);
    if (!before) {
      markImported(datadir, publicKey);
      holdKeystore(datadir, keystore);
      there.add(publicKey);
    }
    if (neverSigned) markKnown(datadir, publicKey);
    if (before) held++;
    say(`${i + 1}/${files.length} ${publicKey}${before ? "  was there" : ""}`);
  }
  say(`${files.length - held} imported, ${held} were there`);
  if (!neverSigned && held < files.length) say("They do not sign before `noema slashing-protection import`, or this with --never-signed.");
}
