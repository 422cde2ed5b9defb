/** MODEXP (0x05, EIP-198) at the prices of EIP-2565 and EIP-7883, within the bounds of EIP-7823. */
import { bytesToBigInt } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Fork } from "../../rules/forks.ts";
import { power } from "./modular-power.ts";
import { fails, type Native, NOTHING, returns } from "./outcome.ts";

const HEADER = 96;
/** EIP-7823. */
const OSAKA_BYTES = 1024n;
/** More than any block's gas pays for. */
const ADDRESSABLE_BYTES = 2n ** 31n - 1n;

type Lengths = { base: bigint; exponent: bigint; modulus: bigint };

export function modexp({ eips }: Fork): Native {
  const osaka = eips.has(7883);
  const bounded = eips.has(7823);
  return ({ data, gasLimit }) => {
    const word = (at: number) => bytesToBigInt(padded(data, at, 32));
    const lengths = { base: word(0), exponent: word(32), modulus: word(64) };
    const gas = price(lengths, leadingBits(data, lengths), osaka);
    if (gasLimit < gas) return fails(gasLimit, "OUT_OF_GAS");
    if (!bounded && lengths.base === 0n && lengths.modulus === 0n) return returns(gas, NOTHING);
    const most = bounded ? OSAKA_BYTES : ADDRESSABLE_BYTES;
    if (lengths.base > most || lengths.exponent > most || lengths.modulus > most) return fails(gasLimit, "OUT_OF_GAS");
    const [base, exponent, modulus] = [Number(lengths.base), Number(lengths.exponent), Number(lengths.modulus)];
    return returns(
      gas,
      power(padded(data, HEADER, base), padded(data, HEADER + base, exponent), padded(data, HEADER + base + exponent, modulus)),
    );
  };
}

/** EIP-2565, EIP-7883. `bits`: of the exponent's first 32 bytes. */
function price({ base, exponent, modulus }: Lengths, bits: bigint, osaka: boolean): bigint {
  const longest = base > modulus ? base : modulus;
  const words = (longest + 7n) / 8n;
  let iterations = (exponent > 32n ? exponent - 32n : 0n) * (osaka ? 16n : 8n) + (bits > 0n ? bits - 1n : 0n);
  if (iterations < 1n) iterations = 1n;
  const gas = osaka ? iterations * (longest > 32n ? 2n * words * words : 16n) : (iterations * words * words) / 3n;
  const least = osaka ? 500n : 200n;
  return gas > least ? gas : least;
}

function leadingBits(data: Bytes, { base, exponent }: Lengths): bigint {
  if (base > BigInt(data.length)) return 0n;
  const head = bytesToBigInt(padded(data, HEADER + Number(base), exponent < 32n ? Number(exponent) : 32));
  return head === 0n ? 0n : BigInt(head.toString(2).length);
}

/** What lies beyond the data is zero. */
function padded(data: Bytes, at: number, length: number): Bytes {
  if (at + length <= data.length) return data.subarray(at, at + length);
  const out = new Uint8Array(length);
  if (at < data.length) out.set(data.subarray(at));
  return out;
}
