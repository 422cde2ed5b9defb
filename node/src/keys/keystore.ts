/**
 * EIP-2335 keystores: a secret under a password, by Node's own scrypt, PBKDF2 and AES. The key derivation runs in the thread pool and
 * holds at most MAX_SCRYPT_BYTES; what a file asks for beyond the bounds is refused before it is run.
 */
import { createCipheriv, createHash, pbkdf2, randomBytes, randomUUID, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { fromHex, to0x, toHex } from "@noema/core/bytes";
import { publicKeyOf } from "@noema/core/crypto/bls";
import { parseTable } from "@noema/core/option-table";
import type { Bytes } from "@noema/core/ports/bytes";
import * as v from "valibot";
import { keyError } from "./errors.ts";

/** What EIP-2335's own n = 2^18, r = 8 takes is a quarter of it. */
const MAX_SCRYPT_BYTES = 2 ** 30;
const MAX_PBKDF2_ROUNDS = 2 ** 24;
/** EIP-2335's examples; the keystores of other clients have them too. */
const SCRYPT = { n: 2 ** 18, r: 8, p: 1, dklen: 32 };
const PBKDF2 = { c: 2 ** 18, prf: "hmac-sha256", dklen: 32 } as const;

const hex = (min: number, max: number) => v.pipe(v.string(), v.regex(new RegExp(`^([0-9a-fA-F]{2}){${min},${max}}$`), "must be hex"));
const count = (max: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(max));
const dklen = v.pipe(count(64), v.minValue(32)); // the second half of 32 bytes is the checksum's
const salt = hex(1, 256);

const scryptKdf = v.object({
  function: v.literal("scrypt"),
  params: v.pipe(
    v.object({ dklen, n: count(2 ** 30), r: count(2 ** 20), p: count(16), salt }),
    v.check(({ n, r }) => 128 * n * r <= MAX_SCRYPT_BYTES, `must not take more than ${MAX_SCRYPT_BYTES} bytes (128 · n · r)`),
  ),
  message: v.literal(""),
});
const pbkdf2Kdf = v.object({
  function: v.literal("pbkdf2"),
  params: v.object({ dklen, c: count(MAX_PBKDF2_ROUNDS), prf: v.literal("hmac-sha256"), salt }),
  message: v.literal(""),
});
const keystore = v.object({
  crypto: v.object({
    kdf: v.variant("function", [scryptKdf, pbkdf2Kdf]),
    checksum: v.object({ function: v.literal("sha256"), params: v.object({}), message: hex(32, 32) }),
    cipher: v.object({ function: v.literal("aes-128-ctr"), params: v.object({ iv: hex(16, 16) }), message: hex(32, 32) }),
  }),
  description: v.optional(v.string()),
  /** Optional in EIP-2335; without it nobody could say whose key it is before the password is given. */
  pubkey: hex(48, 48),
  path: v.string(),
  uuid: v.string(),
  version: v.literal(4),
});
export type Keystore = v.InferOutput<typeof keystore>;
export type Kdf = Keystore["crypto"]["kdf"]["function"];

const scryptAsync = promisify<string | Bytes, Bytes, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt);
const pbkdf2Async = promisify(pbkdf2);

/** `name` is the file's, for the message. Throws KEYSTORE_INVALID. */
export function parseKeystore(json: unknown, name: string): Keystore {
  return parseTable(keystore, json, (fault) => keyError("KEYSTORE_INVALID", `${name}: ${fault}`, { name }));
}

/** 0x and 96 digits. */
export function publicKeyIn({ pubkey }: Keystore): string {
  return `0x${pubkey.toLowerCase()}`;
}

/** NFKD without control characters, as UTF-8 (EIP-2335, "Password requirements"). */
function encodePassword(password: string): Buffer {
  return Buffer.from(password.normalize("NFKD").replace(/\p{Cc}/gu, ""), "utf8");
}

async function deriveKey(kdf: Keystore["crypto"]["kdf"], password: string): Promise<Buffer> {
  const [words, salted] = [encodePassword(password), fromHex(kdf.params.salt.toLowerCase())];
  if (kdf.function === "pbkdf2") return pbkdf2Async(words, salted, kdf.params.c, kdf.params.dklen, "sha256");
  const { n, r, p, dklen } = kdf.params;
  return scryptAsync(words, salted, dklen, { N: n, r, p, maxmem: 128 * r * (n + p + 2) });
}

/** CTR: the same both ways. */
function aes(key: Buffer, iv: Bytes, message: Bytes): Buffer {
  return createCipheriv("aes-128-ctr", key.subarray(0, 16), iv).update(message);
}

const checksumOf = (key: Buffer, message: Bytes) => createHash("sha256").update(key.subarray(16, 32)).update(message).digest();

/** The secret key, 32 bytes. Throws KEYSTORE_PASSWORD_WRONG, KEYSTORE_INVALID; no message quotes password or key. */
export async function openKeystore({ crypto, pubkey }: Keystore, password: string, name: string): Promise<Bytes> {
  const { kdf, checksum, cipher } = crypto;
  const message = fromHex(cipher.message.toLowerCase());
  const key = await deriveKey(kdf, password).catch((error) => {
    throw keyError("KEYSTORE_INVALID", `${name}: crypto.kdf.params cannot be used (${(error as NodeJS.ErrnoException).code})`, { name });
  });
  if (!timingSafeEqual(checksumOf(key, message), fromHex(checksum.message.toLowerCase())))
    throw keyError("KEYSTORE_PASSWORD_WRONG", `${name}: the password does not open it`, { name });
  const secretKey = new Uint8Array(aes(key, fromHex(cipher.params.iv.toLowerCase()), message));
  if (to0x(publicKeyOf(secretKey)) !== `0x${pubkey.toLowerCase()}`)
    throw keyError("KEYSTORE_INVALID", `${name}: the key in it is not that of its pubkey`, { name });
  return secretKey;
}

/** `path` is EIP-2334's, empty for a key that was not derived. */
export async function sealKeystore(secretKey: Bytes, password: string, path: string, kdf: Kdf = "scrypt"): Promise<Keystore> {
  const params = { salt: randomBytes(32).toString("hex") };
  const derivation: Keystore["crypto"]["kdf"] =
    kdf === "scrypt"
      ? { function: kdf, params: { ...SCRYPT, ...params }, message: "" }
      : { function: kdf, params: { ...PBKDF2, ...params }, message: "" };
  const key = await deriveKey(derivation, password);
  const iv = randomBytes(16);
  const message = aes(key, iv, secretKey);
  return {
    crypto: {
      kdf: derivation,
      checksum: { function: "sha256", params: {}, message: checksumOf(key, message).toString("hex") },
      cipher: { function: "aes-128-ctr", params: { iv: iv.toString("hex") }, message: message.toString("hex") },
    },
    description: "Noema validator key",
    pubkey: toHex(publicKeyOf(secretKey)),
    path,
    uuid: randomUUID(),
    version: 4,
  };
}
