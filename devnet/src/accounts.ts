/** Anvil's accounts: BIP-39 mnemonic, path m/44'/60'/0'/0/i. */
import { createECDH, createHmac, pbkdf2Sync } from "node:crypto";
import { to0x } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { checksumAddress, type Hex } from "viem";

export const DEFAULT_MNEMONIC = "test test test test test test test test test test test junk";

export type DevAccount = { address: Hex; privateKey: Hex };

/** A key of BIP-32's tree: a private key and the chain code that its children are derived with, 32 bytes each. */
type TreeKey = { privateKey: Bytes; chainCode: Bytes };

const HARDENED = 0x8000_0000;
/** Of secp256k1's group. */
const ORDER = 0xffffffff_ffffffff_ffffffff_fffffffe_baaedce6_af48a03b_bfd25e8c_d0364141n;

/**
 * Accounts 0 to count - 1 of BIP-44 account `accountIndex`. OpenSSL multiplies the points, which take half a second of JavaScript; the
 * tree is BIP-32's (test vectors: accounts.test.ts).
 */
export function deriveAccounts(mnemonic: string, count: number, accountIndex = 0): DevAccount[] {
  const seed = pbkdf2Sync(mnemonic.normalize("NFKD"), "mnemonic", 2048, 64, "sha512"); // BIP-39, no passphrase
  const path = [44 + HARDENED, 60 + HARDENED, accountIndex + HARDENED, 0];
  const parent = path.reduce(childKey, splitKey("Bitcoin seed", seed));
  return Array.from({ length: count }, (_, i) => {
    const { privateKey } = childKey(parent, i);
    const address = keccak256(publicKey(privateKey, "uncompressed").subarray(1)).subarray(12);
    return { address: checksumAddress(to0x(address) as Hex), privateKey: to0x(privateKey) as Hex };
  });
}

/** BIP-32, CKDpriv. A key of zero or beyond the order has a chance of 2^-127. */
function childKey({ privateKey, chainCode }: TreeKey, index: number): TreeKey {
  const data = Buffer.alloc(37);
  data.set(index >= HARDENED ? [0, ...privateKey] : publicKey(privateKey, "compressed"));
  data.writeUInt32BE(index, 33);
  const split = splitKey(chainCode, data);
  return { ...split, privateKey: scalar((number(split.privateKey) + number(privateKey)) % ORDER) };
}

function splitKey(key: Bytes | string, data: Bytes): TreeKey {
  const digest = createHmac("sha512", key).update(data).digest();
  return { privateKey: digest.subarray(0, 32), chainCode: digest.subarray(32) };
}

function publicKey(privateKey: Bytes, form: "compressed" | "uncompressed"): Bytes {
  const curve = createECDH("secp256k1");
  curve.setPrivateKey(privateKey);
  return curve.getPublicKey(null, form);
}

const number = (bytes: Bytes) => BigInt(to0x(bytes));
const scalar = (x: bigint) => Buffer.from(x.toString(16).padStart(64, "0"), "hex");
