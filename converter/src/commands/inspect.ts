import { OPERATORS } from "@noema/precompiles/operators/table";
import { figures } from "../convert.ts";
import { readModel } from "./files.ts";

const NAMES = new Map(Object.entries(OPERATORS).map(([name, { code }]) => [code, name]));

/** What a file holds: its figures, and its operators with what each costs. */
export function inspect(path: string, { json }: { json: boolean }): void {
  const { file, model, card } = readModel(path);
  const own = figures(file, model);
  const { tensors, input, output, operators } = model.model;
  const steps = model.steps.map(({ layer }, i) => ({
    operator: NAMES.get(operators[i]!.code),
    output: layer.output.shape,
    macs: layer.macs,
    units: layer.units,
  }));
  const of = (i: number) => ({ dtype: tensors[i]!.dtype, shape: tensors[i]!.shape, zeroPoint: tensors[i]!.zeroPoint });
  const all = { ...own, weightBytes: model.weightBytes, input: of(input), output: of(output), interface: card, steps };
  if (json) return void process.stdout.write(`${JSON.stringify(all)}\n`);
  const lines = steps.map(
    (x, i) =>
      `${String(i).padStart(4)}  ${x.operator!.padEnd(10)} [${x.output}]`.padEnd(42) +
      `${String(x.macs).padStart(12)} MACs ${((100 * x.units) / own.units).toFixed(1).padStart(6)} % of gas`,
  );
  const head = [
    `model id   ${own.modelId}`,
    `sha256     ${own.sha256}`,
    `bytes      ${own.bytes} (weights ${model.weightBytes})`,
    `input      ${all.input.dtype} [${all.input.shape}], zero point ${all.input.zeroPoint}`,
    `output     ${all.output.dtype} [${all.output.shape}], zero point ${all.output.zeroPoint}`,
    `work       ${own.macs} multiply-accumulates, ${own.gas.warm} gas (${own.gas.cold} for the first in a transaction)`,
  ];
  process.stdout.write(`${[...head, "", ...lines].join("\n")}\n`);
}
