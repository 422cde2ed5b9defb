/** ECRECOVER (0x01): native secp256k1. Whatever is no signature gives empty output, not a failure. */
import { recoverAddress } from "../../transactions/secp256k1.ts";
import { fails, type Native, NOTHING, returns } from "./outcome.ts";

const GAS = 3_000n;

export const ecrecover: Native = ({ data, gasLimit }) => {
  if (gasLimit < GAS) return fails(gasLimit, "OUT_OF_GAS");
  const input = new Uint8Array(128);
  input.set(data.subarray(0, 128));
  for (let i = 32; i < 63; i++) if (input[i] !== 0) return returns(GAS, NOTHING);
  const v = input[63];
  if (v !== 27 && v !== 28) return returns(GAS, NOTHING);
  const address = recoverAddress(input.subarray(0, 32), input.subarray(64), v === 27 ? 0 : 1);
  if (address === undefined) return returns(GAS, NOTHING);
  const out = new Uint8Array(32);
  out.set(address, 12);
  return returns(GAS, out);
};
