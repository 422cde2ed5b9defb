/** Memory of a frame. The library's begins with 8 KiB, which most calls do not need, and grows by copies of 8 KiB more. */
import type { Bytes } from "@noema/core/ports/bytes";
import { readBigInt, writeBigInt } from "../../rlp/integers.ts";

const NOTHING: Bytes = new Uint8Array(0);
const FIRST_BYTES = 512;
const WORD = 32;

export class Memory {
  /** The library's tracing looks at it. */
  _store: Bytes = NOTHING;

  extend(offset: number, size: number): void {
    if (size === 0 || offset + size <= this._store.length) return;
    const store = new Uint8Array(Math.max(FIRST_BYTES, 2 * this._store.length, Math.ceil((offset + size) / WORD) * WORD));
    store.set(this._store);
    this._store = store;
  }

  /** `value` has `size` bytes. */
  write(offset: number, size: number, value: Bytes): void {
    this.extend(offset, size);
    if (size > 0) this._store.set(value, offset);
  }

  /** `view`: of what is here now, to be read at once. */
  read(offset: number, size: number, view = false): Bytes {
    this.extend(offset, size);
    const found = this._store.subarray(offset, offset + size);
    return view ? found : found.slice();
  }

  readWord(offset: number): bigint {
    this.extend(offset, WORD);
    return readBigInt(this._store, offset, WORD);
  }

  writeWord(offset: number, value: bigint): void {
    this.extend(offset, WORD);
    writeBigInt(value, this._store, offset, WORD);
  }

  writeByte(offset: number, value: number): void {
    this.extend(offset, 1);
    this._store[offset] = value;
  }
}

/** Of memory that has not been reached yet: 3 gas a word, and the square of the words by 512 (Yellow Paper, appendix H). */
export function memoryGas(state: { memoryWordCount: bigint; highestMemCost: bigint }, offset: bigint, length: bigint): bigint {
  if (length === 0n) return 0n;
  const words = (offset + length + 31n) / 32n;
  if (words <= state.memoryWordCount) return 0n;
  const cost = words * 3n + (words * words) / 512n;
  const before = state.highestMemCost;
  state.memoryWordCount = words;
  state.highestMemCost = cost;
  return cost - before;
}
