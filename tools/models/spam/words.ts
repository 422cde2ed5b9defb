/** What examples/gate/Memo.sol makes of a memo, byte for byte: which of 4,096 buckets its words and pairs of neighbours are in. */
export const BUCKETS = 4096;

/** FNV-1a. */
const [BASIS, PRIME] = [0x811c9dc5 | 0, 0x01000193];
/** 2^32 over the golden ratio: a pair's hash is no word's. */
const GOLDEN = 0x9e3779b1;

const isLetter = (c: number) => (c >= 97 && c <= 122) || (c >= 48 && c <= 57) || c >= 128;
/** Signs that are words of their own: ! $ % */
const isSign = (c: number) => c === 33 || c === 36 || c === 37;
const bucketOf = (hash: number) => (hash ^ (hash >>> 16)) & (BUCKETS - 1);

/** Buckets in the order of the text, some more than once. */
export function bucketsOf(text: Uint8Array): number[] {
  const found: number[] = [];
  let [word, last] = [BASIS, 0];
  const end = () => {
    if (word === BASIS) return;
    found.push(bucketOf(word));
    if (last !== 0) found.push(bucketOf(Math.imul(Math.imul(last, GOLDEN) ^ word, PRIME)));
    [last, word] = [word, BASIS];
  };
  for (const byte of text) {
    const c = byte >= 65 && byte <= 90 ? byte + 32 : byte;
    if (!isLetter(c)) end();
    if (isLetter(c) || isSign(c)) word = Math.imul(word ^ c, PRIME);
    if (isSign(c)) end();
  }
  end();
  return found;
}

/** The model's input: 1 where a bucket is used. */
export function memoInput(text: Uint8Array): Int8Array {
  const input = new Int8Array(BUCKETS);
  for (const bucket of bucketsOf(text)) input[bucket] = 1;
  return input;
}
