/** <datadir>/keys/validator.json: the BLS secret key in hex, readable by its owner alone. Encrypted keystores (EIP-2335) come with the validator's own issue. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromHex, to0x } from "@noema/core/bytes";
import { generateSecretKey, publicKeyOf } from "@noema/core/crypto/bls";
import { NoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";

export function validatorKeyPath(datadir: string): string {
  return join(datadir, "keys", "validator.json");
}

/** Writes `secretKey` or a new one; throws KEY_EXISTS rather than replace one. Returns the public key. */
export function createValidatorKey(datadir: string, secretKey: Bytes = generateSecretKey()): Bytes {
  const path = validatorKeyPath(datadir);
  if (existsSync(path)) throw new NoemaError("KEY_EXISTS", `${path} holds a key already`, { path });
  mkdirSync(join(datadir, "keys"), { recursive: true, mode: 0o700 });
  const publicKey = publicKeyOf(secretKey);
  const json = { publicKey: to0x(publicKey), secretKey: to0x(secretKey) };
  writeFileSync(path, `${JSON.stringify(json, null, 2)}\n`, { mode: 0o600, flag: "wx", flush: true });
  return publicKey;
}

/** 32 bytes; throws KEY_FILE_INVALID. The message never quotes the key. */
export function loadValidatorKey(datadir: string): Bytes {
  const path = validatorKeyPath(datadir);
  try {
    const { secretKey, publicKey } = JSON.parse(readFileSync(path, "utf8")) as { secretKey: string; publicKey: string };
    const key = fromHex(secretKey, 32);
    if (to0x(publicKeyOf(key)) !== publicKey) throw new Error("its two keys do not belong together");
    return key;
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === "ENOENT" ? "is missing" : "is not a validator key file";
    throw new NoemaError("KEY_FILE_INVALID", `${path} ${reason}`, { path });
  }
}
