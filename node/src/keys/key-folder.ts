/**
 * Validator keys of a data directory: keys/keystore-<public key>.json, encrypted (EIP-2335), and keys/validator.json, the plain key of a
 * devnet. A node signs with one of them.
 */
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { to0x } from "@noema/core/bytes";
import { publicKeyOf } from "@noema/core/crypto/bls";
import type { Bytes } from "@noema/core/ports/bytes";
import { makeFolder } from "../files/make-folder.ts";
import { writeJson } from "../files/write-file.ts";
import { keyError } from "./errors.ts";
import { readKeyFile } from "./key-file.ts";
import { type Keystore, openKeystore, parseKeystore, publicKeyIn } from "./keystore.ts";
import { keystorePath, validatorKeyPath } from "./paths.ts";
import { readSecretFile } from "./secret-file.ts";
import { loadValidatorKey } from "./validator-key.ts";

export type HeldKey = {
  /** 0x and 96 digits. */
  publicKey: string;
  path: string;
  /** Absent: a plain key. */
  keystore?: Keystore;
};

const NAME = /^keystore-(0x[0-9a-f]{96})\.json$/;

/** Throws KEY_FILE_INVALID, KEYSTORE_INVALID for a file that cannot be used: none is passed over in silence. */
export function heldKeys(datadir: string): HeldKey[] {
  const plain = validatorKeyPath(datadir);
  const folder = dirname(plain);
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  const sealed = names.flatMap((name) => {
    const publicKey = NAME.exec(name)?.[1];
    return publicKey === undefined ? [] : [readKeystore(join(folder, name), publicKey)];
  });
  return existsSync(plain) ? [{ publicKey: to0x(publicKeyOf(loadValidatorKey(datadir))), path: plain }, ...sealed] : sealed;
}

function readKeystore(path: string, publicKey: string): HeldKey {
  const keystore = parseKeystore(readKeyFile(path), path);
  if (publicKeyIn(keystore) !== publicKey) throw keyError("KEYSTORE_INVALID", `${path} holds another key than its name says`, { path });
  return { publicKey, path, keystore };
}

/** Throws KEY_EXISTS, FILE_UNWRITABLE. Returns where it lies. */
export function holdKeystore(datadir: string, keystore: Keystore): string {
  const path = keystorePath(datadir, publicKeyIn(keystore));
  if (existsSync(path)) throw keyError("KEY_EXISTS", `${path} holds this key already`, { path });
  makeFolder(dirname(path), 0o700);
  writeJson(path, keystore, 0o600);
  return path;
}

/** `validatorKey`: which of several; `passwordFile`: for one that is encrypted. */
export type KeyChoice = { datadir: string; validatorKey?: string | undefined; passwordFile?: string | undefined };

/** Throws KEY_FILE_INVALID where there is none, KEY_AMBIGUOUS, KEY_UNKNOWN, KEYSTORE_INVALID. */
export function chosenKey({ datadir, validatorKey }: KeyChoice): HeldKey {
  const held = heldKeys(datadir);
  const named = validatorKey === undefined ? held : held.filter((x) => x.publicKey === validatorKey.toLowerCase());
  const [key] = named;
  if (key !== undefined && named.length === 1) return key;
  const folder = dirname(validatorKeyPath(datadir));
  if (held.length === 0)
    throw keyError("KEY_FILE_INVALID", `${folder} holds no key: \`noema keys new\` makes one; a node without a key can --follow`, {
      folder,
    });
  const there = held.map((x) => x.publicKey).join(", ");
  if (key !== undefined) throw keyError("KEY_AMBIGUOUS", `${folder} holds ${held.length} keys, and none is chosen: ${there}`, { folder });
  throw keyError("KEY_UNKNOWN", `${folder} does not hold ${validatorKey}, but ${there}`, { folder });
}

/** 32 bytes. Throws PASSWORD_FILE_MISSING, KEYSTORE_*, SECRET_FILE_*, FILE_UNREADABLE. */
export async function openKey({ keystore, path }: HeldKey, { datadir, passwordFile }: KeyChoice): Promise<Bytes> {
  if (keystore === undefined) return loadValidatorKey(datadir);
  if (passwordFile === undefined) throw keyError("PASSWORD_FILE_MISSING", `${path} is encrypted, and no password file is named`, { path });
  return openKeystore(keystore, readSecretFile(passwordFile), path);
}
