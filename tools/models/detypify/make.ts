/**
 * The symbol reader of detypify (github.com/QuarticCat/detypify, MIT), 411 signs of Typst, as a model on chain:
 * `noema tool model detypify [--out folder]`. Its ONNX file comes from npm; some minutes, most of them for float's answers.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { convert } from "../../../converter/src/convert.ts";
import { importOnnx } from "../../../converter/src/onnx/import.ts";
import { unpacked } from "../packages.ts";
import { charactersOf, draw, type Fonts, handwritten } from "./drawings.ts";

const CALIBRATION = 64;
/** Seeds of the drawings that calibrate; the test has those from 0 on. */
const CALIBRATION_SEED = 1_000_000;

export function makeDetypify(out: string, inputs: number): void {
  const source = unpacked("detypify-service@0.3.0");
  const fonts = JSON.parse(readFileSync(join(unpacked("hersheytext@2.0.0"), "hersheytext.min.json"), "utf8")) as Fonts;
  const characters = charactersOf(fonts);
  const drawings = (n: number, from: number) => Array.from({ length: n }, (_, i) => draw(handwritten(characters, from + i)));
  const symbols = JSON.parse(readFileSync(join(source, "train/infer.json"), "utf8")) as { char: string; names: string[] }[];
  const { file, report } = convert(importOnnx(readFileSync(join(source, "train/model.onnx"))), {
    calibration: drawings(CALIBRATION, CALIBRATION_SEED),
    test: { inputs: drawings(inputs, 0) },
    stretch: true,
    names: symbols.map(({ names }) => names[0] as string),
    description: "Drawn signs (detypify 0.3.0): one picture in, a score for each of 411 signs of Typst out",
    encoding:
      "224 rows of 224 pixels, one byte each: round(255 p) - 128 as int8, p from 0 (ground) to 1 (ink). Lines of 8 pixels; the drawing fills 204 pixels and is centred",
    progress: (what, done, of) => done % 100 === 0 && console.log(`${what} ${done} of ${of}`),
  });
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "detypify.nmodel"), file);
  const made = {
    model: "detypify.nmodel",
    source: "detypify-service 0.3.0 (npm, MIT), train/model.onnx",
    made: "npm run noema -- tool model detypify",
  };
  writeFileSync(join(out, "detypify.json"), `${JSON.stringify({ ...made, ...report }, null, 2)}\n`);
  console.log(JSON.stringify({ ...report, interface: undefined }, null, 2));
}
