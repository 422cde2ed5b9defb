import type { NoemaError } from "@noema/core/errors";
import { mnemonicToEntropy } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english";
import { devError } from "./errors.ts";

/** BIP-39's lengths: 128 to 256 bits of entropy in steps of 32. */
const LENGTHS = [12, 15, 18, 21, 24];

/**
 * The words as BIP-39 joins them. The seed is a hash of the text, so that a second space or a capital would silently give other accounts.
 * Throws DEV_MNEMONIC_INVALID.
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
  return devError("DEV_MNEMONIC_INVALID", `the mnemonic cannot be used: ${why}`);
}
