import { writeFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { type ConvertOptions, convert as convertModel } from "../convert.ts";
import { inputsOf, noise } from "../data/inputs.ts";
import { fail } from "../errors.ts";
import { importSource } from "../source/import.ts";
import { checkFree, readNames, readNumbers, reportPath, writeJson } from "./files.ts";

export interface ConvertFlags {
  out?: string;
  calibration?: string;
  test?: string;
  testLabels?: string;
  labels?: string;
  inputShape?: string;
  description?: string;
  encoding?: string;
  keepSoftmax: boolean;
  stretch: boolean;
  force: boolean;
}

/** Where nobody gives inputs. */
const NOISE_INPUTS = 16;

export function convert(path: string, flags: ConvertFlags): void {
  const out = flags.out ?? `${nameOf(path)}.nmodel`;
  if (!out.endsWith(".nmodel")) fail("CONVERT_DATA_INVALID", `--out ${out}: a model's file ends in .nmodel`);
  if (resolve(reportPath(out)) === resolve(path)) fail("CONVERT_DATA_INVALID", `--out ${out}: its report would replace ${path}`);
  checkFree([out, reportPath(out)], flags.force);
  const source = importSource(path, flags.inputShape?.split(",").map(Number));
  const data = (file: string) => inputsOf(readNumbers(file), source.input, file);
  const options: ConvertOptions = {
    calibration: flags.calibration === undefined ? noise(source.graph.input.shape, NOISE_INPUTS) : data(flags.calibration),
    test:
      flags.test === undefined
        ? undefined
        : { inputs: data(flags.test), labels: flags.testLabels === undefined ? undefined : [...readNumbers(flags.testLabels).data] },
    names: flags.labels === undefined ? undefined : readNames(flags.labels),
    description: flags.description ?? `converted from ${basename(path)}`,
    encoding: flags.encoding,
    keepSoftmax: flags.keepSoftmax,
    stretch: flags.stretch,
    progress: progressOn(process.stderr),
  };
  const { file, report } = convertModel(source, options);
  writeFileSync(out, file);
  writeJson(reportPath(out), { model: basename(out), source: basename(path), ...report });
  if (flags.calibration === undefined)
    process.stderr.write(
      "noema: no --calibration: ranges are those of noise from 0 to 1, and so is the comparison; give real inputs before you rely on it\n",
    );
  process.stdout.write(`${summary(out, report)}\n`);
}

/** Every model of tfjs is called model.json: its folder tells it apart. */
function nameOf(path: string): string {
  const name = basename(path).replace(/\.(onnx|json)$/, "");
  return name === "model" ? basename(dirname(resolve(path))) : name;
}

function progressOn(stream: NodeJS.WriteStream): ConvertOptions["progress"] {
  return (what, done, of) => {
    if (stream.isTTY) stream.write(`\r${what} ${done} of ${of}${done === of ? "\n" : ""}`);
  };
}

type Report = ReturnType<typeof convertModel>["report"] & { bytes?: number };

function summary(out: string, report: Report): string {
  const {
    comparison: c,
    gas,
    macs,
    bytes,
    modelId,
  } = report as Report & { gas: { warm: number; cold: number }; macs: number; modelId: string };
  const share = (n: number) => `${n} of ${c.inputs} (${((100 * n) / c.inputs).toFixed(2)} %)`;
  const lines = [
    ["file", `${out}, ${bytes} bytes, and ${reportPath(out)}`],
    ["model id", modelId],
    ["same best as float", share(c.sameBest)],
    ...(c.floatRight === undefined
      ? []
      : [
          ["right in float", share(c.floatRight)],
          ["right in int8", share(c.int8Right!)],
        ]),
    ["error", `${(100 * c.relativeError).toFixed(2)} % of the output's size`],
    ["work", `${macs} multiply-accumulates, ${gas.warm} gas (${gas.cold} for the first in a transaction)`],
    ["a call", `${c.milliseconds.toFixed(3)} ms here, on one thread`],
  ];
  return lines.map(([name, value]) => `${name!.padEnd(20)}${value}`).join("\n");
}
