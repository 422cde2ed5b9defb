/** Hash and sender of many transactions at once, packed both ways: work for a thread of its own. */
import { concatBytes } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import { keccak256 } from "@noema/core/hash";
import { packBytes, unpackBytes } from "@noema/core/packed";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { addOn, type IdentifyAddOn } from "./identify-add-on.ts";
import { isImpersonated } from "./impersonated.ts";
import { recover } from "./recover-sender.ts";
import { readSignedForm } from "./signed-form.ts";

const HASH_BYTES = 32;
const SENDER_BYTES = 20;
/** Of each transaction: hash || sender. */
const IDENTITY_BYTES = HASH_BYTES + SENDER_BYTES;
const NOTHING = new Uint8Array(0);
/** Of recoveries between two turns of the event loop. */
const TURN_MS = 20;

/** `sender` undefined: no key signed it, or it is no transaction. */
export type Identity = { hash: Hash; sender: Bytes | undefined };
/** Of canonical bytes, in their order. */
export type Identify = (raws: readonly Bytes[]) => Promise<readonly Identity[]>;

/** `packed`: canonical bytes of transactions (core's packed.ts). Returns IDENTITY_BYTES for each, the sender zeros where there is none. */
export function identify(packed: Bytes): Bytes {
  return addOn === undefined ? identifyByLibrary(packed) : identifyByAddOn(addOn, packed);
}

export function identifyByLibrary(packed: Bytes): Bytes {
  const raws = unpackBytes(packed);
  const out = new Uint8Array(IDENTITY_BYTES * raws.length);
  for (const [i, raw] of raws.entries()) {
    out.set(keccak256(raw), IDENTITY_BYTES * i);
    const sender = orUndefined(() => recover(raw));
    if (sender !== undefined) out.set(sender, IDENTITY_BYTES * i + HASH_BYTES);
  }
  return out;
}

export function identifyByAddOn({ identify }: IdentifyAddOn, packed: Bytes): Bytes {
  const raws = unpackBytes(packed);
  const forms = raws.map((raw) => orUndefined(() => readSignedForm(raw)));
  const signed = packBytes(forms.map((form) => form?.signed ?? NOTHING));
  const signatures = forms.map((form) => (form === undefined ? NOTHING : concatBytes(form.signature, Uint8Array.of(form.yParity))));
  const out = identify(packed, signed, packBytes(signatures));
  for (const [i, raw] of raws.entries()) {
    const sender = isImpersonated(raw) ? orUndefined(() => recover(raw)) : undefined;
    if (sender !== undefined) out.set(sender, IDENTITY_BYTES * i + HASH_BYTES);
  }
  return out;
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isNoemaError(error)) return undefined;
    throw error;
  }
}

/** No key has the address of zeros. */
export function readIdentities(identities: Bytes): Identity[] {
  return Array.from({ length: identities.length / IDENTITY_BYTES }, (_, i) => {
    const at = IDENTITY_BYTES * i;
    const sender = identities.slice(at + HASH_BYTES, at + IDENTITY_BYTES); // kept, and a view keeps all of them
    return { hash: identities.slice(at, at + HASH_BYTES), sender: sender.some((x) => x !== 0) ? sender : undefined };
  });
}

/** On this thread, which has its turns meanwhile. */
export const identifyHere: Identify = async (raws) => {
  const found: Identity[] = [];
  let turn = performance.now();
  for (const raw of raws) {
    if (found.length > 0 && performance.now() - turn > TURN_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      turn = performance.now();
    }
    found.push(...readIdentities(identify(packBytes([raw]))));
  }
  return found;
};
