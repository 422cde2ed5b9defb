/** Lines of what was found, for the terminal. */
import type { EqualityRow, InferenceRow, SpeedRow, TransferRow } from "./record.ts";

const count = (n: number) => Math.round(n).toLocaleString("en-US");

export function equalityLine({ model, models, due, inputs, judged, different }: EqualityRow): string {
  const of = models > 1 ? `${count(models)} models, ` : "";
  return `${model.padEnd(22)}${of}${count(inputs)}${inputs < due ? ` of ${count(due)}` : ""} inputs, ${count(judged)} judged: ${different === 0 ? (inputs === 0 ? "no time was left" : "none different") : `${different} DIFFERENT`}`;
}

export function speedLine({ model, macs, wasm, gpu }: SpeedRow): string[] {
  const gmacs = (perSecond: number) => `${((macs * perSecond) / 1e9).toFixed(1)} GMAC/s`;
  return [
    `${model}, one WASM thread: ${count(wasm)}/s, ${gmacs(wasm)}`,
    ...gpu.map(
      ({ batch, perSecond, timesWasm }) =>
        `  GPU, batches of ${batch}: ${count(perSecond)}/s, ${gmacs(perSecond)}, ${timesWasm.toFixed(2)}x`,
    ),
  ];
}

export function transferLine({ validators, perSecond, coreMicros, recoveryMicros, generatorShare, bound }: TransferRow): string {
  const cost =
    coreMicros === undefined ? "" : `, ${coreMicros.toFixed(0)} core-µs each (${(coreMicros / recoveryMicros).toFixed(1)} recoveries)`;
  return `transfers on ${validators}: ${count(perSecond)}/s${cost}${bound === undefined ? "" : `; ${bound}`}; load generator ${(100 * generatorShare).toFixed(0)} % of a core`;
}

export function inferenceLine({ backend, perSecond, coreMicros, ahead, inline }: InferenceRow): string {
  const cost = coreMicros === undefined ? "" : `, ${coreMicros.toFixed(0)} core-µs each`;
  return `digits read on 4 with --backend ${backend}: ${count(perSecond)}/s${cost}; ${count(ahead)} results were there, ${count(inline)} computed in blocks`;
}
