/** Validator keys from words: BIP-39, EIP-2333, and the paths of EIP-2334. */
import { deriveSecretKey } from "@noema/core/crypto/bls-derivation";
import type { NoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import { generateMnemonic, mnemonicToEntropy, mnemonicToSeedSync } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english";
import { keyError } from "./errors.ts";

/** BIP-39's lengths: 128 to 256 bits of entropy in steps of 32. */
const LENGTHS = [12, 15, 18, 21, 24];
const NEW_BITS = 256;

/**
 * The words as BIP-39 joins them. The seed is a hash of the text, so that a second space or a capital would silently give other accounts.
 * Throws MNEMONIC_INVALID.
 */
export function parseMnemonic(text: string): string {
  const words = text.normalize("NFKD").toLowerCase().split(/\s+/).filter(Boolean);
  const unknown = words.findIndex((word) => !wordlist.includes(word));
  if (unknown >= 0) throw invalid(`word ${unknown + 1}, "${words[unknown]}", is not in BIP-39's English list`);
  if (!LENGTHS.includes(words.length)) throw invalid(`${words.length} words; there must be 12, 15, 18, 21 or 24`);
  const mnemonic = words.join(" ");
  try {
    mnemonicToEntropy(mnemonic, wordlist);
  } catch {
    throw invalid(`the last word, "${words.at(-1)}", does not fit the others (BIP-39's checksum): one is wrong or out of place`);
  }
  return mnemonic;
}

function invalid(why: string): NoemaError {
  return keyError("MNEMONIC_INVALID", `the mnemonic cannot be used: ${why}`);
}

/** 24 words. */
export function newMnemonic(): string {
  return generateMnemonic(wordlist, NEW_BITS);
}

/**
 * Signing key `index` of a mnemonic without a passphrase, as tools for EIP-2334 derive it. Their coin type 3600 is kept, so that any of them
 * can restore a key; a key is of one chain all the same, since every signature commits to its genesis.
 */
export function derivedKey(mnemonic: string, index: number): { path: string; secretKey: Bytes } {
  const indexes = [12381, 3600, index, 0, 0];
  return { path: `m/${indexes.join("/")}`, secretKey: deriveSecretKey(mnemonicToSeedSync(mnemonic), indexes) };
}
