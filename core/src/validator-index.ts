/** A validator is its public key, in every epoch; its index is its place in one epoch's set, and is looked up where it is used. */
import { toHex } from "./bytes.ts";
import type { Bytes } from "./ports/bytes.ts";
import type { PublicKeyHex, ValidatorSet } from "./ports/signing.ts";

type Order = { keys: PublicKeyHex[]; indexes: Map<PublicKeyHex, number> };
type Members = Pick<ValidatorSet, "members">;

/** By the members, which the sets of epochs that differ in nothing else share. */
const orders = new WeakMap<ValidatorSet["members"], Order>();

export function publicKeyHex(publicKey: Bytes): PublicKeyHex {
  return toHex(publicKey) as PublicKeyHex;
}

/** undefined: no member of this set. */
export function indexOf(set: Members, publicKey: PublicKeyHex | undefined): number | undefined {
  return publicKey === undefined ? undefined : orderOf(set).indexes.get(publicKey);
}

export function isMember(set: Members | undefined, publicKey: PublicKeyHex | undefined): boolean {
  return set !== undefined && indexOf(set, publicKey) !== undefined;
}

/** A member of the set of `epoch`, or of the one before or after: others may be an epoch ahead or behind. */
export function isNear(setOf: (epoch: number) => Members | undefined, epoch: number, publicKey: PublicKeyHex | undefined): boolean {
  return [epoch, epoch + 1, epoch - 1].some((e) => e >= 0 && isMember(setOf(e), publicKey));
}

export function publicKeyAt(set: Members, index: number): PublicKeyHex | undefined {
  return orderOf(set).keys[index];
}

/** In order of the set. */
export function publicKeysOf(set: Members): readonly PublicKeyHex[] {
  return orderOf(set).keys;
}

function orderOf({ members }: Members): Order {
  let order = orders.get(members);
  if (order === undefined) {
    const keys = members.map((member) => publicKeyHex(member.publicKey));
    order = { keys, indexes: new Map(keys.map((key, index) => [key, index])) };
    orders.set(members, order);
  }
  return order;
}
