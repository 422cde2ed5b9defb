/** <datadir>/keys/validator.json: the BLS secret key in hex, readable by its owner alone. A devnet's; an operator's are keystores (key-folder.ts). */
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { fromHex, to0x } from "@noema/core/bytes";
import { generateSecretKey, publicKeyOf } from "@noema/core/crypto/bls";
import type { Bytes } from "@noema/core/ports/bytes";
import { makeFolder } from "../files/make-folder.ts";
import { writeJson } from "../files/write-file.ts";
import { keyError } from "./errors.ts";
import { readKeyFile } from "./key-file.ts";
import { validatorKeyPath } from "./paths.ts";

/** Writes `secretKey` or a new one; throws KEY_EXISTS rather than replace one, FILE_UNWRITABLE. Returns the public key. */
export function createValidatorKey(datadir: string, secretKey: Bytes = generateSecretKey()): Bytes {
  const path = validatorKeyPath(datadir);
  if (existsSync(path)) throw keyError("KEY_EXISTS", `${path} holds a key already`, { path });
  makeFolder(dirname(path), 0o700);
  const publicKey = publicKeyOf(secretKey);
  writeJson(path, { publicKey: to0x(publicKey), secretKey: to0x(secretKey) }, 0o600);
  return publicKey;
}

/** 32 bytes; throws KEY_FILE_INVALID. The message never quotes the key. */
export function loadValidatorKey(datadir: string): Bytes {
  const path = validatorKeyPath(datadir);
  if (!existsSync(path))
    throw keyError("KEY_FILE_INVALID", `cannot read ${path}: no such file; a node without a key can --follow`, { path });
  const json = readKeyFile(path);
  try {
    const { secretKey, publicKey } = json as { secretKey: string; publicKey: string };
    const key = fromHex(secretKey, 32);
    if (to0x(publicKeyOf(key)) !== publicKey) throw new Error("its two keys do not belong together");
    return key;
  } catch {
    throw keyError("KEY_FILE_INVALID", `${path} is not a validator key file`, { path });
  }
}
