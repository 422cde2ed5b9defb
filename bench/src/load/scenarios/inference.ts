import { readFileSync } from "node:fs";
import { join } from "node:path";
import { concatBytes, fromHex, utf8 } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { repositoryRoot } from "@noema/node/paths";
import { decodeLabelledDigits } from "@noema/precompiles/heldout-digits";
import { benchError } from "../errors.ts";
import { artifactCode, word } from "./contract.ts";
import { pick } from "./random.ts";
import type { Scenario } from "./scenario.ts";

const GAS = 250_000;
const PIXELS = 784;

/** One dynamic argument: its offset, its length, its bytes filled up to words. */
function classify(pixels: Bytes): Bytes {
  return concatBytes(keccak256(utf8("classify(bytes)")).subarray(0, 4), word(32), word(PIXELS), pixels, new Uint8Array(-PIXELS & 31));
}

export const inference: Scenario = {
  name: "inference",
  about: "DigitReader reads a handwritten digit by the INFER precompile in each transaction (Noema only)",
  gas: GAS,
  value: 0n,
  async prepare({ ask, deploy, seed }) {
    const models = await ask<{ id: string; inputBytes: number }[]>("noema_models");
    const model = models.find((x) => x.inputBytes === PIXELS);
    if (model === undefined) throw benchError("BENCH_SETUP_FAILED", "the chain has no model that reads digits");
    const precompiles = join(repositoryRoot(), "precompiles");
    const code = artifactCode(join(precompiles, "contracts", "artifacts", "DigitReader.json"));
    const reader = await deploy(concatBytes(code, fromHex(model.id)));
    const digits = decodeLabelledDigits(readFileSync(join(precompiles, "models", "digits-heldout.bin"))).map((x) => classify(x.input));
    return (i) => ({ to: reader, value: 0n, data: digits[pick(seed, i, digits.length)] as Bytes, gas: GAS });
  },
};
