/** Numbers of docs/protocol that outsiders implement by are those of the code: sizes of types, reasons of skipped transactions, limits. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { METHODS } from "@noema/consensus/runtime/methods";
import * as block from "@noema/consensus/wire/block";
import { blocksType, getBlocksType } from "@noema/consensus/wire/blocks";
import { boundariesType } from "@noema/consensus/wire/boundaries";
import { certType } from "@noema/consensus/wire/cert";
import { certsAnswerType } from "@noema/consensus/wire/certs";
import { ownKeyAnswerType } from "@noema/consensus/wire/own-key";
import { proposeType } from "@noema/consensus/wire/propose";
import { statusType } from "@noema/consensus/wire/status";
import { voteType } from "@noema/consensus/wire/vote";
import { maxAnswer } from "@noema/core/peer-methods";
import * as availability from "@noema/core/types/availability";
import * as header from "@noema/core/types/header";
import { blobMetaType, blobObjectType } from "@noema/da-layer/blob/object";
import { offerType, rowsRequestType } from "@noema/da-layer/blob/wire";
import { MAX_BATCH_BYTES, MAX_BATCH_TXS } from "@noema/da-layer/limits";
import { MAX_BATCH_SSZ_BYTES, MAX_TXS_SSZ_BYTES } from "@noema/da-layer/payload/batch";
import { batchSignatureType, MAX_CERT_LIST_BYTES } from "@noema/da-layer/payload/frames";
import { SKIP } from "@noema/execution/blocks/skipped";
import { poolDefaults } from "@noema/execution/pool/options";
import { helloType } from "@noema/node/p2p/hello";
import * as limits from "@noema/precompiles/format/limits";
import { OPERATORS } from "@noema/precompiles/operators/table";
import { expect, test } from "vitest";

const page = (name: string) => readFileSync(fileURLToPath(new URL(`../docs/protocol/${name}`, import.meta.url)), "utf8");
const digits = (n: number | bigint) => n.toLocaleString("en-US");
/** The first row whose first cell is `name`, as cells. */
const row = (text: string, name: string) =>
  text
    .split("\n")
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
    .find((cells) => cells[1] === name);

type Sized = { typeName: string; minSize: number; maxSize: number };
const sized: Sized[] = [
  availability.certificateType,
  availability.availabilityHeaderType,
  availability.availabilityCertType,
  voteType,
  certType,
  header.execType,
  header.headerType,
  block.bodyType,
  block.blockType,
  proposeType,
  statusType,
  getBlocksType,
  ownKeyAnswerType,
  batchSignatureType,
  blobMetaType,
  blobObjectType,
  offerType,
  rowsRequestType,
  helloType,
];

test.each(sized.map((type) => [type.typeName, type] as const))("encoding.md: bytes of %s", (name, { minSize, maxSize }) => {
  const bytes = minSize === maxSize ? digits(maxSize) : `${digits(minSize)} to ${digits(maxSize)}`;
  expect(row(page("encoding.md"), name)?.[3]).toBe(bytes);
});

test("encoding.md: the largest lists, batch and answers", () => {
  const text = page("encoding.md");
  expect(row(text, "Certs; Blocks; Boundaries")?.[3]).toBe(
    `${[certsAnswerType, blocksType, boundariesType].map((type) => digits(type.maxSize)).join("; ")} at most`,
  );
  expect(row(text, "Batch")?.[3]).toMatch(new RegExp(`^${digits(MAX_BATCH_SSZ_BYTES)} at most`));
  expect(row(text, "Batch")?.[2]).toContain(`at most ${digits(MAX_BATCH_TXS)} byte lists of at most ${digits(MAX_BATCH_BYTES)} bytes`);
  expect(text).toContain(`${digits(MAX_TXS_SSZ_BYTES)}; ${digits(MAX_CERT_LIST_BYTES)}`);
  expect(text).toContain(`${maxAnswer(METHODS.ownKey)}, ${maxAnswer(METHODS.aliveProof)}`);
  for (const { name } of Object.values(METHODS)) expect(text).toContain(`"${name}"`);
});

test("execution.md: the reasons of skipped transactions", () => {
  const rows = [...page("execution.md").matchAll(/^\| \d+ \| (\d+) `(SKIP_\w+)` \| .* \| (yes|no) \|$/gm)];
  const told = rows.map(([, number, code, retry]) => ({ number: Number(number), code, retry: retry === "yes" }));
  const byNumber = (a: { number: number }, b: { number: number }) => a.number - b.number;
  expect(told.sort(byNumber)).toEqual(Object.values(SKIP).sort(byNumber));
});

test("execution.md: the pool's limits", () => {
  const text = page("execution.md");
  const { maxTransactions, maxBytes, maxPerSender, maxArriving, maxArrivingBytes, inFlightHeights, inFlightMs } = poolDefaults;
  expect(row(text, "transactions, bytes as sent")?.[2]).toBe(`${digits(maxTransactions)}; ${maxBytes >> 20} MiB`);
  expect(row(text, "of one sender")?.[2]).toMatch(new RegExp(`^${digits(maxPerSender)}\\b`));
  expect(row(text, "being checked at once")?.[2]).toContain(`${digits(maxArriving)} or ${maxArrivingBytes >> 20} MiB`);
  expect(row(text, "in a batch, not heard of")?.[2]).toContain(`${inFlightHeights} heights or ${inFlightMs / 1000} s`);
});

test("da.md: what a batch may hold", () => {
  const text = page("da.md");
  expect(row(text, "transactions in a batch")?.[2]).toContain(`1 to ${digits(MAX_BATCH_TXS)}`);
  expect(row(text, "their bytes")?.[2]).toContain(digits(MAX_BATCH_BYTES));
});

test("inference.md: operators and their codes", () => {
  const text = page("inference.md");
  const built = [...text.matchAll(/^\| (\d+) \| ([A-Z][A-Z0-9]+) \|/gm)].map(([, code, name]) => [name, Number(code)]);
  expect(Object.fromEntries(built)).toEqual(Object.fromEntries(Object.entries(OPERATORS).map(([name, { code }]) => [name, code])));
});

test("inference.md: limits of a model", () => {
  const text = page("inference.md");
  expect(row(text, "bytes of the header")?.[2]).toBe(digits(limits.MAX_HEADER_BYTES));
  expect(row(text, "bytes of the weights, with their padding")?.[2]).toBe(digits(limits.MAX_WEIGHT_BYTES));
  expect(row(text, "bytes of all activations together")?.[2]).toBe(digits(limits.MAX_ACTIVATION_BYTES));
  expect(row(text, "operators")?.[2]).toBe(digits(limits.MAX_OPERATORS));
  expect(row(text, "units of one inference (section 5): those of a transaction")?.[2]).toBe(digits(limits.MAX_UNITS_PER_TX));
  expect(row(text, "bytes of weights laid out")?.[2]).toBe(digits(limits.MAX_LAID_OUT_BYTES));
  expect(row(text, "a dimension")?.[2]).toBe(digits(limits.MAX_DIMENSION));
  expect(row(text, "inner dimension, or elements of a window")?.[2]).toBe(digits(limits.MAX_INNER));
  expect(row(text, "inner dimension of MATMUL")?.[2]).toBe(digits(limits.MAX_INNER_OF_ACTIVATIONS));
  expect(row(text, "a row of SOFTMAX, LAYERNORM, RMSNORM")?.[2]).toBe(digits(limits.MAX_ROW));
});
