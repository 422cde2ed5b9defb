/** What a check of `noema doctor` found. "bad": the node does not run right so; "warn": it may not. */
export type Finding = { check: string; state: "good" | "warn" | "bad"; found: string; remedy?: string };

const RANK = { good: 0, warn: 1, bad: 2 } as const;

/** Of a value that should be at most, or at least, so much. A good finding has no remedy. */
export function judged(check: string, state: Finding["state"], found: string, remedy: string): Finding {
  return state === "good" ? { check, state, found } : { check, state, found, remedy };
}

export const atLeast = (value: number, good: number, bad: number): Finding["state"] =>
  value >= good ? "good" : value >= bad ? "warn" : "bad";
export const atMost = (value: number, good: number, bad: number): Finding["state"] =>
  value <= good ? "good" : value <= bad ? "warn" : "bad";

export function worst(findings: readonly Finding[]): Finding["state"] {
  return findings.reduce<Finding["state"]>((state, x) => (RANK[x.state] > RANK[state] ? x.state : state), "good");
}

const SIGN = { good: "ok  ", warn: "warn", bad: "BAD " } as const;

export function shownFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  return findings
    .flatMap(({ check, state, found, remedy }) => [
      `${SIGN[state]}  ${check.padEnd(width)}  ${found}`,
      ...(remedy === undefined ? [] : [`${" ".repeat(width + 8)}${remedy}`]),
    ])
    .join("\n");
}
