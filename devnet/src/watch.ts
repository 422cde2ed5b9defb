/** Says what a person should know while the devnet runs: a validator that died or came back, a chain that halts or goes on. */
import { lockOwner } from "@noema/node/store/datadir-lock";
import type { Devnet } from "./devnet.ts";

/** Only once a validator has ended: one that was restarted by its command is no child, and is looked after like this. */
const POLL_MS = 1000;

/** Equal weights: more than two thirds of n. */
function quorumOf(n: number): number {
  return Math.floor((2 * n) / 3) + 1;
}

export function watchValidators(devnet: Devnet, say: (line: string) => void): () => void {
  const n = devnet.validators.length;
  const down = new Set<number>();
  const outside = new Set<number>();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const state = () => {
    const up = n - down.size;
    const need = quorumOf(n);
    return up >= need
      ? `${up} of ${n} validators, the chain goes on`
      : `the chain is halted: ${up} of ${n} validators, quorum needs ${need}`;
  };
  const ended = (index: number, how: string) => {
    down.add(index);
    say(`validator ${index} ended (${how}): ${state()}`);
    say(`  restart it with: ${devnet.validators[index]?.command}`);
  };
  const look = async (index: number) => {
    if (!down.has(index)) {
      if (lockOwner(devnet.folders[index] as string) === undefined) ended(index, "after a restart");
    } else if ((await isLive(devnet.rpcUrls[index] as string)) && !stopped) {
      down.delete(index);
      say(`validator ${index} is back: ${state()}`);
    }
  };
  const poll = async () => {
    for (const index of outside) await look(index);
    if (!stopped) timer = setTimeout(poll, POLL_MS);
  };
  for (const validator of devnet.validators) {
    validator.exited.then((how) => {
      if (stopped) return;
      outside.add(validator.index);
      ended(validator.index, how);
      timer ??= setTimeout(poll, POLL_MS);
    });
  }
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

async function isLive(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/livez`, { signal: AbortSignal.timeout(POLL_MS) })).ok;
  } catch {
    return false;
  }
}
