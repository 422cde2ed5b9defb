/** The price of one signature's recovery now: what core-µs are worth on this machine at this moment. */
import { keccak256 } from "@noema/core/hash";
import { recoverPublicKey, signHash } from "@noema/execution/transactions/secp256k1";

const ROUNDS = 300;

/** Core-µs, by the library of the default install. */
export function recoveryMicros(): number {
  const message = keccak256(Uint8Array.of(1));
  const { signature, yParity } = signHash(message, new Uint8Array(32).fill(7));
  const cpu = process.cpuUsage();
  for (let i = 0; i < ROUNDS; i++) recoverPublicKey(message, signature, yParity);
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / ROUNDS;
}
