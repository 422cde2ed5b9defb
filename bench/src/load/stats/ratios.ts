/**
 * Ratios of each target to the anchor beside it in the same run: absolute figures belong to a machine and a minute, and on another
 * say nothing. The anchors are anvil's runs right before and after, and the price of one signature's recovery at that moment.
 */
export type Ratio = {
  name: string;
  anchor: string;
  better: "higher" | "lower";
  /** One a run. */
  values: number[];
};

/** What of a run is compared. */
type Figures = { target: string; scenario: string; tps: number; coreMicros?: number; recoveryMicros: number };
type Quantity = { name: string; better: Ratio["better"]; of(run: Figures): number | undefined };

const QUANTITIES: readonly Quantity[] = [
  { name: "committed/s", better: "higher", of: (x) => x.tps },
  { name: "core-µs a transaction", better: "lower", of: (x) => x.coreMicros },
];

export function ratios(runs: readonly Figures[], anchor: string): Ratio[] {
  const found = new Map<string, Ratio>();
  const add = (name: string, to: string, better: Ratio["better"], value: number) => {
    const ratio = found.get(name) ?? { name, anchor: to, better, values: [] };
    ratio.values.push(value);
    found.set(name, ratio);
  };
  for (const [at, run] of runs.entries()) {
    const subject = `${run.target} ${run.scenario}`;
    for (const { name, better, of } of QUANTITIES) {
      const value = of(run);
      const beside = run.target === anchor ? [] : neighbours(runs, at, anchor).flatMap((x) => of(x) ?? []);
      if (value === undefined || beside.length === 0) continue;
      const mean = beside.reduce((a, b) => a + b, 0) / beside.length;
      add(`${subject}: ${name}, of ${anchor}'s`, anchor, better, value / mean);
    }
    if (run.coreMicros !== undefined) add(`${subject}: recoveries a transaction`, "recovery", "lower", run.coreMicros / run.recoveryMicros);
  }
  return [...found.values()];
}

/** The anchor's runs of the same scenario, the last before and the first after. */
function neighbours(runs: readonly Figures[], at: number, anchor: string): Figures[] {
  const fits = (x: Figures) => x.target === anchor && x.scenario === runs[at]?.scenario;
  return [runs.slice(0, at).findLast(fits), runs.slice(at + 1).find(fits)].filter((x) => x !== undefined);
}
