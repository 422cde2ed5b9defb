/** Kind 6: whether nodes make transactions of an address that nobody has signed; of every address where none is given. */
import type { Bytes } from "@noema/core/ports/bytes";
import { BooleanType, ByteVectorType, ContainerType, decodeSsz, ListCompositeType } from "@noema/core/types/ssz";
import type { Journal } from "../state/journal.ts";
import { isImpersonated, readKept, writeImpersonated, writeKept } from "./controls.ts";
import { OUTCOME } from "./outcomes.ts";
import type { Effect } from "./place.ts";

const impersonateType = new ContainerType(
  { address: new ListCompositeType(new ByteVectorType(20), 1), on: new BooleanType() },
  { typeName: "ImpersonateOperation" },
);
export type Impersonate = { address?: Bytes; on: boolean };

export function encodeImpersonate({ address, on }: Impersonate): Bytes {
  return impersonateType.serialize({ address: address === undefined ? [] : [address], on });
}

/** Throws SSZ_INVALID. */
export function decodeImpersonate(body: Bytes): Impersonate {
  const { address, on } = decodeSsz(impersonateType, body);
  return { address: address[0], on };
}

/** `value`: 1 where it was so before. */
export function applyImpersonate(journal: Journal, { address, on }: Impersonate): Effect {
  const kept = readKept(journal);
  const was = address === undefined ? kept.autoImpersonate : isImpersonated(journal, address);
  if (address === undefined) writeKept(journal, { ...kept, autoImpersonate: on });
  else writeImpersonated(journal, address, on);
  return { outcome: OUTCOME.done, value: was ? 1 : 0 };
}
