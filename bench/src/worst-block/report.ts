import type { Group } from "./attack.ts";
import { describePoint, type Finding } from "./search.ts";

/** Kinds whose time is the interpreter's: their figure is reported, the gas limit does not follow from it. */
const INTERPRETED: ReadonlySet<Group> = new Set(["opcodes", "frames"]);

/** What must take at most a second of one core, for the gas limit that stands in genesis. */
function worstOf(findings: readonly Finding[], interpreted: boolean): Finding | undefined {
  return findings.filter(({ group }) => INTERPRETED.has(group) === interpreted).sort((a, b) => b.nsPerGas - a.nsPerGas)[0];
}

export function table(findings: readonly Finding[], gasLimit: number): string {
  const head = ["kind", "attack", "ns/gas", "from", "to", "Mgas/s", `s of ${gasLimit / 1e6}M`, "chosen"];
  const rows = findings.map(({ group, name, nsPerGas, range, point }) => [
    group,
    name,
    nsPerGas.toFixed(1),
    range[0].toFixed(1),
    range[1].toFixed(1),
    (1000 / nsPerGas).toFixed(1),
    ((nsPerGas * gasLimit) / 1e9).toFixed(2),
    describePoint(point),
  ]);
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] as string).length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i] as number)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

export function verdict(findings: readonly Finding[], gasLimit: number): string {
  const parts = [false, true].map((interpreted) => {
    const worst = worstOf(findings, interpreted);
    const kind = interpreted ? "interpreted opcodes" : "everything else";
    if (worst === undefined) return `${kind}: not searched`;
    const seconds = ((worst.nsPerGas * gasLimit) / 1e9).toFixed(2);
    return `${kind}: ${worst.name} (${worst.group}), ${worst.nsPerGas.toFixed(1)} ns a gas, ${seconds} s of one core for a block of ${gasLimit} gas; a second is ${Math.floor(1e9 / worst.nsPerGas)} gas`;
  });
  return parts.join("\n");
}
