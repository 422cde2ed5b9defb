import { createBackend } from "@noema/precompiles/backend/create-backend";
import { inferGas } from "@noema/precompiles/set/gas";
import { readModel } from "./files.ts";

/** Small models take less than one. */
const inMicroseconds = (ms: number) => (1000 * ms).toFixed(1);

/** Time of calls with distinct inputs on one thread of the WASM back end. */
export function bench(path: string, { seconds, json }: { seconds: number; json: boolean }): void {
  const { model } = readModel(path);
  const runnable = createBackend("wasm").load(model);
  const input = new Uint8Array(model.inputBytes);
  const times: number[] = [];
  for (const end = performance.now() + 1000 * seconds; times.length < 3 || performance.now() < end; ) {
    for (let i = 0; i < input.length; i++) input[i] = (input[i]! * 5 + 113 * i + times.length) & 255;
    const started = performance.now();
    runnable.run(input);
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  const [fastest, median] = [times[0]!, times[times.length >> 1]!];
  const figures = {
    calls: times.length,
    fastestMs: fastest,
    medianMs: median,
    gas: inferGas(model),
    nsAGas: (1e6 * fastest) / inferGas(model),
    gmacPerSecond: model.macs / fastest / 1e6,
  };
  if (json) return void process.stdout.write(`${JSON.stringify(figures)}\n`);
  process.stdout.write(
    `${figures.calls} calls: fastest ${inMicroseconds(fastest)} µs, median ${inMicroseconds(median)} µs; ${figures.gas} gas, ${figures.nsAGas.toFixed(2)} ns a gas, ${figures.gmacPerSecond.toFixed(1)} GMAC/s (hashing of the input and the EVM are not in it)\n`,
  );
}
