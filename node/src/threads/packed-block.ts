/** A block on its way to the execution thread: its transactions and their senders are three arrays of bytes, however many there are. */
import { concatBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { BlockInput } from "@noema/execution/api";

/** `ends`: of each transaction in `bytes`. `senders`: 20 bytes each, zeros where it is not known (no key has that address). */
export type PackedBlock = Omit<BlockInput, "txs" | "senders"> & { bytes: Bytes; ends: Uint32Array; senders: Bytes };

const ADDRESS_BYTES = 20;

export function packBlock({ txs, senders = [], ...rest }: BlockInput): PackedBlock {
  const packed = new Uint8Array(ADDRESS_BYTES * txs.length);
  const ends = new Uint32Array(txs.length);
  let end = 0;
  for (const [i, raw] of txs.entries()) {
    end += raw.length;
    ends[i] = end;
    packed.set(senders[i] ?? [], ADDRESS_BYTES * i);
  }
  return { ...rest, bytes: concatBytes(...txs), ends, senders: packed };
}

export function unpackBlock({ bytes, ends, senders, ...rest }: PackedBlock): BlockInput {
  const addresses = Array.from(ends, (_, i) => senders.subarray(ADDRESS_BYTES * i, ADDRESS_BYTES * (i + 1)));
  return {
    ...rest,
    txs: Array.from(ends, (end, i) => bytes.subarray(i === 0 ? 0 : ends[i - 1], end)),
    senders: addresses.map((address) => (address.some((x) => x !== 0) ? address : undefined)),
  };
}
