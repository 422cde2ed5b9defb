/** What an operator hands in to found a network: his validator's public part, with the proof that he has the secret one. */
import { fromHex, to0x, ZERO_HASH } from "@noema/core/bytes";
import { checkPublicKey, publicKeyOf, sign, verify } from "@noema/core/crypto/bls";
import { possessionBody, signedMessage } from "@noema/core/crypto/signed-message";
import { isNoemaError } from "@noema/core/errors";
import { parseTable } from "@noema/core/option-table";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import * as v from "valibot";
import { addressBook } from "../p2p/address-book.ts";
import { networkError } from "./errors.ts";

const hex = (bytes: number) =>
  v.pipe(v.string(), v.regex(new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`), `0x and ${2 * bytes} lower-case hex digits are expected`));
export const operatorName = v.pipe(v.string(), v.regex(/^[\w .-]{1,40}$/, "1 to 40 letters, digits, spaces, dots and dashes are expected"));
export const peerAddress = v.pipe(v.string(), v.maxLength(256));

const registration = v.strictObject({
  registration: v.literal(1, "1 is expected: another version made it"),
  name: operatorName,
  publicKey: hex(48),
  /** Gets the fees of the blocks that it proposes. */
  feeAddress: hex(20),
  /** Proof of possession: over key and fee address (encoding.md 2). */
  pop: hex(96),
  /** Where others reach it: /ip4/203.0.113.7/tcp/9645/p2p/<peer id>. */
  peer: peerAddress,
  madeAt: v.pipe(v.string(), v.isoTimestamp("a time like 2026-11-28T12:00:00Z is expected")),
});
export type Registration = v.InferOutput<typeof registration>;

const message = (publicKey: Bytes, feeAddress: string): Hash =>
  signedMessage("pop", ZERO_HASH, possessionBody(publicKey, fromHex(feeAddress)));

export function makeRegistration(secretKey: Bytes, about: Pick<Registration, "name" | "feeAddress" | "peer" | "madeAt">): Registration {
  const publicKey = publicKeyOf(secretKey);
  const pop = to0x(sign(secretKey, message(publicKey, about.feeAddress)));
  return { registration: 1, ...about, publicKey: to0x(publicKey), pop };
}

type Said = Pick<Registration, "name" | "feeAddress" | "peer">;
const said = v.pick(registration, ["name", "feeAddress", "peer"]);

/** Throws REGISTRATION_INVALID. */
export function checkSaid(about: Said): void {
  const invalid = (why: string) => networkError("REGISTRATION_INVALID", why);
  parseTable(said, about, invalid);
  checkPeer(about.peer, invalid);
}

function checkPeer(peer: string, invalid: (why: string) => Error): void {
  try {
    addressBook([peer], "");
  } catch (error) {
    throw isNoemaError(error) ? invalid(error.message) : error;
  }
}

/** `name` is the file's. Throws REGISTRATION_INVALID, for a proof that does not verify too. */
export function parseRegistration(json: unknown, name: string): Registration {
  const invalid = (why: string) => networkError("REGISTRATION_INVALID", `${name}: ${why}`, { name });
  const parsed = parseTable(registration, json, invalid);
  const publicKey = fromHex(parsed.publicKey);
  checkPeer(parsed.peer, invalid);
  try {
    checkPublicKey(publicKey);
  } catch (error) {
    throw isNoemaError(error) ? invalid(error.message) : error;
  }
  if (!verify(publicKey, message(publicKey, parsed.feeAddress), fromHex(parsed.pop)))
    throw invalid("pop: the proof of possession does not verify, so who handed it in need not have the key");
  return parsed;
}
