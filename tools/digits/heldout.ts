/** Writes precompiles/models/digits-heldout.bin, the digits that training never sees: `noema tool digits heldout`. */
import { writeFileSync } from "node:fs";
import { encodeGreyDigit } from "../../precompiles/src/digits.ts";
import { encodeLabelledDigits } from "../../precompiles/src/heldout-digits.ts";
import { loadDigits } from "./data.ts";

export function writeHeldOut(): void {
  const digits = loadDigits().heldOut.map(({ label, grey }) => ({ label, input: encodeGreyDigit(grey) }));
  writeFileSync(new URL("../../precompiles/models/digits-heldout.bin", import.meta.url), encodeLabelledDigits(digits));
  console.log(`${digits.length} digits`);
}
