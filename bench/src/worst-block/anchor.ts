/** What this machine is worth at this moment: two fixed loads on one core, beside which the figures of a run can be read elsewhere. */
import { keccak256 } from "@noema/core/hash";

export type Anchor = { keccakNsPerByte: number; additionNs: number };

const BYTES = 1 << 20;
const ADDITIONS = 3_000_000;
const MASK = (1n << 256n) - 1n;

/** CPU time, the best of five. */
export function measureAnchor(): Anchor {
  const data = new Uint8Array(BYTES).fill(7);
  return {
    keccakNsPerByte: best(() => void keccak256(data)) / BYTES,
    additionNs:
      best(() => {
        let sum = 1n << 255n;
        for (let i = 0; i < ADDITIONS; i++) sum = (sum + 0x1234567890abcdefn) & MASK;
        return sum;
      }) / ADDITIONS,
  };
}

function best(load: () => unknown): number {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 5; run++) {
    const cpu = process.cpuUsage();
    load();
    const { user, system } = process.cpuUsage(cpu);
    least = Math.min(least, (user + system) * 1000);
  }
  return least;
}

export function describeAnchor({ keccakNsPerByte, additionNs }: Anchor): string {
  return `keccak256 ${keccakNsPerByte.toFixed(2)} ns a byte, a 256-bit addition ${additionNs.toFixed(1)} ns`;
}
