/** What a validator says of itself at /readyz. */
export type Readiness = {
  status: "synced" | "syncing" | "halted";
  cause?: string;
  latest: number;
  finalized: number;
  consensus: number /** Height. */;
  executed: number;
};

const DEADLINE_MS = 2000;

/** undefined: no answer in time, or none of ours. */
export async function askReadiness(rpcUrl: string): Promise<Readiness | undefined> {
  try {
    const response = await fetch(`${rpcUrl}/readyz`, { signal: AbortSignal.timeout(DEADLINE_MS) });
    const answer = (await response.json()) as Readiness;
    return typeof answer.status === "string" ? answer : undefined;
  } catch {
    return undefined;
  }
}
