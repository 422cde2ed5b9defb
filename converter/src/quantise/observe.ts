/** What values are for inputs as the model will see them: ranges, and a sample of each. */
import { runFloat } from "../float/run.ts";
import { count, type Graph, type Value } from "../ir/graph.ts";

export interface Observed {
  low: number;
  high: number;
  /** Evenly over inputs and elements. */
  sample: Float32Array;
  /** Of each of the sample, its place in the last dimension. */
  channels: Uint16Array;
  /** The largest that each element of the last dimension was, by size. */
  tops: Float32Array;
  /** The lowest that the tenth largest element was, for any input: of scores, what lies below it never wins. */
  tenth: number;
}

const RANK = 10;

/** Of one value; enough to tell a range that a thousandth of the elements leaves. */
const SAMPLES = 32_768;

export function observe(graph: Graph, inputs: readonly Float32Array[], each: (done: number) => void = () => {}): Map<Value, Observed> {
  const all = new Map<Value, Observed & { taken: number }>();
  const perInput = Math.max(1, Math.floor(SAMPLES / inputs.length));
  for (const [i, input] of inputs.entries()) {
    for (const [value, data] of runFloat(graph, input)) {
      const width = value.shape.at(-1)!;
      const found = all.get(value) ?? {
        low: 0,
        high: 0,
        sample: new Float32Array(perInput * inputs.length),
        channels: new Uint16Array(perInput * inputs.length),
        tops: new Float32Array(width),
        tenth: Number.POSITIVE_INFINITY,
        taken: 0,
      };
      all.set(value, found);
      const { tops } = found;
      for (let at = 0, channel = 0; at < data.length; at++, channel = channel + 1 === width ? 0 : channel + 1) {
        const x = data[at]!;
        if (Math.abs(x) > tops[channel]!) tops[channel] = Math.abs(x);
        if (x < found.low) found.low = x;
        if (x > found.high) found.high = x;
        if (Number.isNaN(x)) found.low = x; // compares as neither
      }
      if (value === graph.output) found.tenth = Math.min(found.tenth, Float32Array.from(data).sort().at(-Math.min(RANK, data.length))!);
      // A stride that shares no factor with images' sizes reaches every channel.
      for (let s = 0; s < perInput; s++) {
        const at = (s * 7919 + i * 104729) % count(value.shape);
        found.channels[found.taken] = at % width;
        found.sample[found.taken++] = data[at]!;
      }
    }
    each(i + 1);
  }
  return new Map([...all].map(([value, { taken, ...seen }]) => [value, seen]));
}
