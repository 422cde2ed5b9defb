/** SHA256 (0x02), RIPEMD160 (0x03) and IDENTITY (0x04): OpenSSL's hashes, and a copy. */
import { hash } from "node:crypto";
import type { Bytes } from "@noema/core/ports/bytes";
import { fails, type Native, returns } from "./outcome.ts";

function byWord(base: number, word: number, compute: (data: Bytes) => Bytes): Native {
  return ({ data, gasLimit }) => {
    const gas = BigInt(base + word * Math.ceil(data.length / 32));
    return gasLimit < gas ? fails(gasLimit, "OUT_OF_GAS") : returns(gas, compute(data));
  };
}

export const sha256 = byWord(60, 12, (data) => new Uint8Array(hash("sha256", data, "buffer")));

export const ripemd160 = byWord(600, 120, (data) => {
  const out = new Uint8Array(32);
  out.set(hash("ripemd160", data, "buffer"), 12);
  return out;
});

export const identity = byWord(15, 3, (data) => new Uint8Array(data));
