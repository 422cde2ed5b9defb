/** 1234567 as 1,234,567 */
export function grouped(value: number | bigint | string): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** "1 validator", "4 validators" */
export function counted(n: number, what: string): string {
  return `${grouped(n)} ${what}${n === 1 ? "" : "s"}`;
}

/** A command of ours as a person types it: the launcher knows how it was started. */
export function typed(command: string): string {
  return `${process.env.NOEMA_INVOCATION ?? "npm run noema --"} ${command}`;
}
