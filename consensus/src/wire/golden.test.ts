import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { to0x } from "@noema/core/bytes";
import { headerType } from "@noema/core/types/header";
import { expect, test } from "vitest";
import { blockType, bodyType } from "./block.ts";
import { toBlock, toBody } from "./body.ts";
import { certType, toCert } from "./cert.ts";
import { proposeType, toPropose } from "./propose.ts";
import { statusType, toStatus } from "./status.ts";
import * as samples from "./testing/samples.ts";
import { toVote, voteType } from "./vote.ts";

const file = new URL("../../fixtures/encodings.json", import.meta.url);
const { block } = samples;

/** A changed encoding is a new version of the protocol: this file is only ever added to. */
test("encodings are those of the golden file", () => {
  const cases = {
    Header: golden(headerType, block.header),
    Body: golden(bodyType, toBody(block.body)),
    Block: golden(blockType, toBlock(block)),
    Vote: golden(voteType, toVote(samples.vote)),
    VoteNullify: golden(voteType, toVote(samples.nullify)),
    Cert: golden(certType, toCert(samples.cert)),
    CertNullify: golden(certType, toCert(samples.nullification)),
    Propose: golden(proposeType, toPropose(samples.propose)),
    ProposeAgain: golden(proposeType, toPropose(samples.repropose)),
    Status: golden(statusType, toStatus(samples.status)),
  };
  if (process.env.WRITE_GOLDEN === "1" && !existsSync(file)) writeFileSync(file, `${JSON.stringify(cases, undefined, 1)}\n`);
  expect(cases).toEqual(JSON.parse(readFileSync(file, "utf8")));
  expect(cases.Header.root).toBe(to0x(block.hash));
});

type Encoded<T> = { serialize(value: T): Uint8Array; hashTreeRoot(value: T): Uint8Array };

function golden<T>(type: Encoded<T>, value: T) {
  return { hex: to0x(type.serialize(value)), root: to0x(type.hashTreeRoot(value)) };
}
