import { blockNumber } from "@noema/core/block-number";
import { ZERO_HASH } from "@noema/core/bytes";
import { randaoBody } from "@noema/core/crypto/signed-message";
import type { ExecResult } from "@noema/core/ports/application";
import { createKeyedValidators } from "@noema/core/testing/keyed-scheme";
import { beforeAll, expect, test } from "vitest";
import { createConsensusOptions } from "../options.ts";
import type { Block, Body, Header } from "../types.ts";
import { bodyRoots, headerHash } from "../wire/body.ts";
import { createAvailabilityChecks } from "./availability-checks.ts";
import { createInclusionIndex } from "./inclusion-index.ts";
import { sumPayload } from "./payload-rules.ts";
import { availabilityCert } from "./testing/availability.ts";
import { GENESIS_HASH } from "./testing/cluster.ts";
import { type ValidationDeps, validateBlock } from "./validation.ts";

const validators = createKeyedValidators([1n, 1n, 1n, 1n], { genesisHash: GENESIS_HASH });
const { set, scheme, signers } = validators;
const exec: ExecResult = {
  height: 4,
  evmBlockHash: ZERO_HASH,
  stateRoot: ZERO_HASH,
  receiptsRoot: ZERO_HASH,
  gasUsed: 5n,
  skippedRoot: ZERO_HASH,
  number: blockNumber(4),
  systemRoot: ZERO_HASH,
};
const index = createInclusionIndex(1024);
const setOf = (epoch: number) => ({ ...set, epoch });
const deps: ValidationDeps = {
  options: createConsensusOptions({}),
  scheme,
  checkAvailability: createAvailabilityChecks(scheme, setOf),
  index,
  setOf,
  resultOf: (height) => (height === 4 ? exec : undefined),
};

let body: Body;
beforeAll(async () => {
  body = { certs: [await availabilityCert(validators, 1, 0, { refHeight: 5 })], evidence: [], seals: [], depositsL1: [] };
});

async function blockWith(fields: Partial<Header> = {}, change: Partial<Body> = {}): Promise<Block> {
  const whole = { ...body, ...change };
  const randaoReveal = await signers[2]?.sign("randao", randaoBody(0, 9));
  const header: Header = {
    epoch: 0,
    view: 9,
    height: 8,
    parentHash: ZERO_HASH,
    timestampMs: 1,
    proposer: 2,
    randaoReveal: randaoReveal as Uint8Array,
    ...bodyRoots(whole),
    l1Origin: { number: 0, hash: ZERO_HASH },
    ...sumPayload(whole.certs),
    exec,
    validatorSetHash: set.hash,
    nextValidatorSetHash: set.hash,
    ...fields,
  };
  return { hash: headerHash(header), header, body: whole };
}

test("a sound block is valid", async () => {
  expect(await validateBlock(deps, await blockWith(), [])).toEqual({ result: "valid" });
});

test("no own result yet: undecided, never invalid", async () => {
  expect(await validateBlock({ ...deps, resultOf: () => undefined }, await blockWith(), [])).toMatchObject({ result: "undecided" });
});

test.each<[string, Partial<Header>]>([
  ["another result than our own", { exec: { ...exec, stateRoot: new Uint8Array(32).fill(1) } }],
  ["more gas used than we measured", { exec: { ...exec, gasUsed: 6n } }],
  ["a reveal of another view", { view: 10 }],
  ["a reveal of another proposer", { proposer: 1 }],
  ["a proposer that is none", { proposer: 44 }],
  ["a wrong sum of bytes", { payloadBytes: 999 }],
  ["a wrong sum of gas", { gasLimitSum: 1n }],
  ["an L1 origin", { l1Origin: { number: 1, hash: ZERO_HASH } }],
])("%s is invalid", async (_, fields) => {
  expect(await validateBlock(deps, await blockWith(fields), [])).toMatchObject({ result: "invalid" });
});

test("a certificate that its quorum did not sign is invalid", async () => {
  const [good] = body.certs;
  if (good === undefined) return expect.fail();
  const stolen = { ...good, header: { ...good.header, bytes: good.header.bytes + 1 } };
  const few = { ...good, certificate: { ...good.certificate, bitmap: Uint8Array.of(3) } };
  for (const cert of [stolen, few]) {
    expect(await validateBlock(deps, await blockWith({}, { certs: [cert] }), [])).toMatchObject({ result: "invalid" });
  }
});

test("a certificate that an unfinalized ancestor or one of the last K includes is invalid, also in another signature", async () => {
  const block = await blockWith();
  expect(await validateBlock(deps, block, [await blockWith({ height: 7 })])).toMatchObject({ result: "invalid" });
  const withHistory = createInclusionIndex(1024);
  withHistory.add(await blockWith({ height: 6 }));
  expect(await validateBlock({ ...deps, index: withHistory }, block, [])).toMatchObject({ result: "invalid" });
});

test("lists that have no rules yet must be empty", async () => {
  expect(await validateBlock(deps, await blockWith({}, { depositsL1: [{ index: 0, data: new Uint8Array(1) }] }), [])).toMatchObject({
    result: "invalid",
  });
  expect(await validateBlock(deps, await blockWith({}, { seals: body.certs }), [])).toMatchObject({ result: "invalid" });
});
