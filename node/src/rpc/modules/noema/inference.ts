/** A model's answer without a contract: what INFER gives to a call at a block. */
import { concatBytes, fromHex, to0x } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { ModelFact, RpcDeps } from "../../deps.ts";
import { atBlock, type BlockId, createBlockResolver } from "../../ethereum/block-id.ts";
import { AT_STATE } from "../../ethereum/error-sets.ts";
import { callFailed, revertError } from "../../ethereum/revert.ts";
import { invalidParams } from "../../json-rpc/error.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { data, hash } from "../../json-rpc/parsers.ts";
import { DATA, INTEGER, list, members, nullable, TEXT } from "../../json-rpc/schema.ts";

const INFER = fromHex("0x0000000000000000000000000000000000000a01");

export function activeModel(deps: RpcDeps, id: Hash): ModelFact {
  const found = deps.models.list().find((model) => to0x(model.id) === to0x(id));
  if (found === undefined) throw invalidParams(`model id: ${to0x(id)} is no active model; noema_models lists them`);
  return found;
}

/** Elements as numbers: int8, or int32 big endian. */
function valuesOf(dtype: string, output: Bytes): number[] {
  const view = new DataView(output.buffer, output.byteOffset, output.byteLength);
  return dtype === "int32"
    ? Array.from({ length: output.length / 4 }, (_, i) => view.getInt32(4 * i))
    : Array.from(output, (_, i) => view.getInt8(i));
}

/** Scores have a label each; the indices of an ARGMAX or TOPK say themselves which. */
function labelOf({ dtype, labels }: ModelFact["output"], values: readonly number[], best: number): string | null {
  const isIndex = dtype === "int32" && labels?.length !== values.length;
  return labels?.[isIndex ? values[0]! : best] ?? null;
}

export function inferenceMethods(deps: RpcDeps): Record<string, RpcMethod> {
  const blocks = createBlockResolver(deps);
  const infer = async (id: Hash, input: Bytes, at: BlockId) => {
    const model = activeModel(deps, id);
    if (input.length !== model.inputBytes) throw invalidParams(`input: ${input.length} bytes, ${model.name} takes ${model.inputBytes}`);
    const outcome = await deps.execution.call({ to: INFER, data: concatBytes(id, input) }, await blocks.state(at));
    if (!outcome.ok) throw outcome.error === "revert" ? revertError(outcome.output) : callFailed(outcome.error);
    const values = valuesOf(model.output.dtype, outcome.output);
    const best = values.indexOf(Math.max(...values));
    return { output: to0x(outcome.output), values, best, label: labelOf(model.output, values, best) };
  };
  return {
    noema_infer: method({
      summary: "a model's answer: its output, the same as numbers, the largest one's index and its label",
      params: [["model id", hash], ["input", data()], atBlock],
      result: members({ output: DATA, values: list({ type: "integer" }), best: INTEGER, label: nullable(TEXT) }),
      errors: [...AT_STATE, "CALL_REVERTED", "CALL_FAILED"],
      run: infer,
    }),
  };
}
