/**
 * The image models of nsfwjs (github.com/infinitered/nsfwjs, MIT), which tell five kinds of pictures apart, as models on chain:
 * `noema tool model nsfwjs [--out folder]`. Both are MobileNetV2 in tfjs's formats: the small one of layers, 2.6 million weights,
 * and a wider one, 4.3 million, frozen. Some minutes each, most of them for float's answers.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { convert } from "../../../converter/src/convert.ts";
import { importTfjs } from "../../../converter/src/tfjs/import.ts";
import { unpacked } from "../packages.ts";
import { photographs, view } from "../photographs.ts";

const SIDE = 224;
const CALIBRATION = 64;
/** Seeds of the views that calibrate; the test has those from 0 on, of other photographs. */
const CALIBRATION_SEED = 1_000_000;

/** Names in the package, and what people call them. */
export const VARIANTS = { mobilenet_v2: "MobileNetV2", mobilenet_v2_mid: "MobileNetV2, 1.4 times as wide" } as const;
export type Variant = keyof typeof VARIANTS;

/** As the package lists them (nsfw_classes.js). */
const CLASSES = ["Drawing", "Hentai", "Neutral", "Porn", "Sexy"];

/** The package has JSON and shards as JavaScript modules, which bundlers take: the shards in base64. */
export function readNsfwjs(variant: Variant) {
  const folder = join(unpacked("nsfwjs@4.4.0"), "dist/models", variant);
  const load = createRequire(join(folder, "model.min.js"));
  const model = Buffer.from(JSON.stringify(load("./model.min.js")));
  return { model, shard: (path: string) => Buffer.from(load(`./${path}.min.js`) as string, "base64") };
}

export function makeNsfwjs(out: string, variant: Variant, inputs: number): void {
  const { model, shard } = readNsfwjs(variant);
  const [known, unknown] = [photographs("calibration"), photographs("test")];
  const { file, report } = convert(importTfjs(model, shard), {
    calibration: Array.from({ length: CALIBRATION }, (_, i) => view(known, CALIBRATION_SEED + i, SIDE)),
    test: { inputs: Array.from({ length: inputs }, (_, i) => view(unknown, i, SIDE)) },
    names: CLASSES,
    description: `Kinds of pictures (nsfwjs 4.4.0, ${VARIANTS[variant]}): one picture in, a score for each of ${CLASSES.join(", ")} out`,
    encoding: "224 rows of 224 pixels of red, green and blue, one byte each: round(255 p) - 128 as int8, p from 0 (dark) to 1 (light)",
    progress: (what, done, of) => done % 100 === 0 && console.log(`${what} ${done} of ${of}`),
  });
  mkdirSync(out, { recursive: true });
  const name = `nsfwjs-${variant.replaceAll("_", "-")}`;
  writeFileSync(join(out, `${name}.nmodel`), file);
  const made = {
    model: `${name}.nmodel`,
    source: `nsfwjs 4.4.0 (npm, MIT), dist/models/${variant}`,
    made: `npm run noema -- tool model nsfwjs --variant ${variant}`,
  };
  writeFileSync(join(out, `${name}.json`), `${JSON.stringify({ ...made, ...report }, null, 2)}\n`);
  console.log(JSON.stringify({ ...report, interface: undefined }, null, 2));
}
