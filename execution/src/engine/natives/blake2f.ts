/** BLAKE2F (0x09, EIP-152): one gas a round, up to 2^32 of them. */
import { AT, arithmetic } from "./arithmetic.ts";
import { fails, type Native, returns } from "./outcome.ts";

const INPUT_BYTES = 213;

export const blake2f: Native = ({ data, gasLimit }) => {
  const last = data[INPUT_BYTES - 1];
  if (data.length !== INPUT_BYTES || (last !== 0 && last !== 1)) return fails(gasLimit, "OUT_OF_RANGE");
  const rounds = new DataView(data.buffer, data.byteOffset).getUint32(0);
  const gas = BigInt(rounds);
  if (gasLimit < gas) return fails(gasLimit, "OUT_OF_GAS");
  const wasm = arithmetic();
  wasm.memory.set(data.subarray(4, INPUT_BYTES - 1), AT.blakeState); // h, m and t, as they lie in memory too
  wasm.blake2f(rounds, last === 1);
  return returns(gas, wasm.memory.slice(AT.blakeState, AT.blakeState + 64));
};
