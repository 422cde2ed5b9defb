/** What `bench rows` says: CPU time and its rate a core, and the ratios, which are the claim. */
import { median } from "../load/stats/percentiles.ts";
import type { Measured, RowsOptions, Sample } from "./measure.ts";

const cpu = (samples: readonly Sample[]) => samples.map((x) => x.cpuMs);

function spread(values: readonly number[], digits: number): string {
  const fixed = (x: number) => x.toFixed(digits);
  return `${fixed(median(values))} (${fixed(Math.min(...values))} to ${fixed(Math.max(...values))})`;
}

/** Run by run: the runs of both stood beside each other. */
function ratio(of: readonly Sample[], to: readonly Sample[]): string {
  return spread(
    of.map((x, i) => x.cpuMs / (to[i] as Sample).cpuMs),
    2,
  );
}

export function rowsReport(measured: Measured, { rows, validators, runs }: RowsOptions): string {
  const { payloadBytes, slots, share, commit, encode, withoutKzg, extend, rebuild, receive, cells } = measured;
  const rate = (samples: readonly Sample[]) => `${(payloadBytes / 1000 / median(cpu(samples))).toFixed(1)} MB/s a core`;
  const lines: [string, readonly Sample[], string][] = [
    [`${rows} commitments`, commit, rate(commit)],
    ["encoding, commitments included", encode, rate(encode)],
    ["encoding without commitments and opening", withoutKzg, rate(withoutKzg)],
    [`extension of ${rows} rows to ${slots}`, extend, rate(extend)],
    [`rebuilding ${rows} rows from parity`, rebuild, rate(rebuild)],
    [`receiving and checking ${share} rows, the share of one of ${validators}`, receive, ""],
    ["cells and proofs instead, as PeerDAS has them", cells, rate(cells)],
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  const parallel = median(commit.map((x) => x.cpuMs / x.wallMs));
  return [
    `${payloadBytes} bytes of payload, ${runs} runs; ms of CPU of all threads, median (least to most)`,
    ...lines.map(([name, samples, tail]) => `${name.padEnd(width)}  ${spread(cpu(samples), 1)}  ${tail}`.trimEnd()),
    `encoding to its commitments: ${ratio(encode, commit)}`,
    `cells and proofs to encoding: ${ratio(cells, encode)}`,
    `commitments had ${parallel.toFixed(1)} cores`,
  ].join("\n");
}
