import type { Bytes } from "@noema/core/ports/bytes";
import { txError } from "@noema/execution/transactions/errors";
import { isImpersonated } from "@noema/execution/transactions/impersonated";
import { invalidParams } from "../../json-rpc/error.ts";
import type { Parser } from "../../json-rpc/method.ts";
import { data } from "../../json-rpc/parsers.ts";
import { DATA } from "../../json-rpc/schema.ts";

/** A signed transaction as a client sends it. */
export const rawTransaction: Parser<Bytes> = {
  schema: DATA,
  read(value, name) {
    const raw = value instanceof Uint8Array ? (value as Bytes) : data().read(value, name); // bytes are read with their body, which is no way that JSON has
    if (raw.length === 0) throw invalidParams(`${name}: empty`);
    if (isImpersonated(raw)) throw txError("TX_TYPE_UNSUPPORTED", "transaction type not supported: nobody signed it");
    return raw;
  },
};
