/** How busy the whole machine is: what else runs takes from the measured, and by no equal shares. */
import { readFileSync } from "node:fs";

const TICK_MICROS = 10_000;

/** CPU time of everything so far, what a hypervisor took included; undefined where there is no /proc. */
export function busyMicros(): number | undefined {
  try {
    const line = readFileSync("/proc/stat", "utf8").split("\n", 1)[0] as string;
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line.trim().split(/\s+/).slice(1).map(Number);
    return (user + nice + system + irq + softirq + steal) * TICK_MICROS;
  } catch {
    return undefined;
  }
}
