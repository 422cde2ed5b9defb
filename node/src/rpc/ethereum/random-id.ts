import { randomBytes } from "node:crypto";
import { quantityHex } from "./hex.ts";

/** Of a filter or a subscription: a quantity of 128 bits, which nobody guesses. */
export function randomId(): string {
  return quantityHex(BigInt(`0x${randomBytes(16).toString("hex")}`));
}
