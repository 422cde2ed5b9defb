/**
 * What the language detector on chain is given of a text: the front end of guesslang's net, which counts pairs of neighbouring
 * bytes in 5,000 buckets of a hash. It runs in the caller, since a model on chain has a fixed shape and knows no strings; whoever
 * reads the answer of a transaction computes it again from the text. Bytes are TensorFlow's, in which the net was trained; the
 * package's tfjs takes each byte beyond ASCII for U+FFFD, and its chances differ by some thousandths then.
 */

const BUCKETS = 5000;
/** Of vscode-languagedetection: longer texts are cut, then the net looks at the first pairs only. */
const MAX_CHARACTERS = 100_000;
const MAX_PAIRS = 10_000;
/** A share of 1 in steps of int8: pairs that make more than an eighth of a text are counted as an eighth. */
export const SHARE_STEPS = 1016;
const MOST = 127;

/** Of FarmHash. */
const [K0, K2] = [0xc3a5c85c97cb3127n, 0x9ae16a3b2f90404fn];
const SEPARATOR = 0x20;

/** FarmHash's Fingerprint64 of three bytes, as TensorFlow's StringToHashBucketFast takes it, modulo the buckets. */
function bucketOf(first: number, last: number): number {
  const [y, z] = [BigInt(first + (SEPARATOR << 8)), BigInt(3 + (last << 2))];
  const mixed = BigInt.asUintN(64, y * K2) ^ BigInt.asUintN(64, z * K0);
  return Number(BigInt.asUintN(64, (mixed ^ (mixed >> 47n)) * K2) % BigInt(BUCKETS));
}

const buckets = Uint16Array.from({ length: 2 ** 16 }, (_, pair) => bucketOf(pair >> 8, pair & 255));

/** How often each bucket's pairs occur, and how many pairs there are. */
export function countPairs(text: string): { counts: Uint16Array; pairs: number } {
  const bytes = new TextEncoder().encode(text.slice(0, MAX_CHARACTERS).replaceAll("\r\n", "\n"));
  const pairs = Math.max(0, Math.min(MAX_PAIRS, bytes.length - 1));
  const counts = new Uint16Array(BUCKETS);
  for (let i = 0; i < pairs; i++) counts[buckets[(bytes[i]! << 8) | bytes[i + 1]!]!]!++;
  return { counts, pairs };
}

/** The model's input, [2, 5000]: counts, then shares in 1016ths, each at most 127. */
export function languageInput(text: string): Int8Array {
  const { counts, pairs } = countPairs(text);
  const input = new Int8Array(2 * BUCKETS);
  for (let i = 0; i < BUCKETS; i++) {
    input[i] = Math.min(MOST, counts[i]!);
    input[BUCKETS + i] = Math.min(MOST, Math.round((SHARE_STEPS * counts[i]!) / Math.max(1, pairs)));
  }
  return input;
}
