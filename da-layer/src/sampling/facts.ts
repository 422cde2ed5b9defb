/** What a node tells a sampler of an object, as JSON: written from what it holds, and read with every length and number bounded. */
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import type { Bytes } from "@noema/core/ports/bytes";
import * as v from "valibot";
import { CODE_LENGTH } from "../blob/code-points.ts";
import { daError } from "../errors.ts";
import type { ObjectFacts } from "./certified.ts";

/** 128 commitments and 4,096 holders are 33 KB. */
export const MAX_FACTS_BYTES = 65_536;

const integer = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const hex = (fewest: number, most = fewest) =>
  v.pipe(
    v.string(),
    v.regex(new RegExp(`^0x([0-9a-f]{2}){${fewest},${most}}$`)),
    v.transform((text): Bytes => hexToBytes(text.slice(2))),
  );

const meta = v.strictObject({
  version: v.literal(1),
  chainId: integer,
  namespace: hex(0, 32),
  publisher: hex(20),
  nonce: integer,
  epoch: integer,
  R: integer,
  N: integer,
  payloadLen: integer,
  expiry: integer,
});

const header = v.strictObject({
  epoch: integer,
  publisher: integer,
  seq: integer,
  refHeight: integer,
  bytes: integer,
  gasLimitSum: v.pipe(
    v.literal(0), // of a blob
    v.transform(() => 0n),
  ),
  expiry: integer,
  id: hex(32),
});

const factsForm = v.strictObject({
  meta,
  rowsRoot: hex(32),
  commitments: v.pipe(v.array(hex(48)), v.minLength(1), v.maxLength(128)),
  certificate: v.nullable(v.strictObject({ header, bitmap: hex(1, 25), signature: hex(96) })),
  height: v.nullable(integer),
  holders: v.nullable(v.pipe(v.array(integer), v.maxLength(CODE_LENGTH))),
});

/** Throws DA_FRAME_INVALID. The caller has bounded the text. */
export function parseFacts(json: unknown): ObjectFacts {
  const parsed = v.safeParse(factsForm, json);
  if (!parsed.success) throw daError("DA_FRAME_INVALID", `what describes an object: ${v.getDotPath(parsed.issues[0]) ?? "it"} is wrong`);
  const { certificate, height, holders, ...object } = parsed.output;
  const cert = certificate === null ? undefined : { kind: "blob" as const, header: certificate.header, certificate };
  return { ...object, cert, height: height ?? undefined, holders: holders ?? undefined };
}

/** Of an object whose certificate, if there is one, is of kind blob. */
export function renderFacts({ meta, rowsRoot, commitments, cert, height, holders }: ObjectFacts): Record<string, unknown> {
  const hexed = (value: object) =>
    Object.fromEntries(Object.entries(value).map(([name, x]) => [name, x instanceof Uint8Array ? to0x(x) : Number(x)]));
  return {
    meta: hexed(meta),
    rowsRoot: to0x(rowsRoot),
    commitments: commitments.map(to0x),
    certificate: cert === undefined ? null : { header: hexed(cert.header), ...hexed(cert.certificate) },
    height: height ?? null,
    holders: holders ?? null,
  };
}

const to0x = (bytes: Bytes) => `0x${bytesToHex(bytes)}`;
