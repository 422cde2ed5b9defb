/** One full value of each encoding, for golden files and round trips. */
import { blockNumber } from "@noema/core/block-number";
import type { Block, Cert, Header, Propose, Vote } from "../../types.ts";
import { bodyRoots, headerHash } from "../body.ts";
import type { Message } from "../frame.ts";
import type { Status } from "../status.ts";

const fill = (n: number, value: number) => new Uint8Array(n).fill(value);

export const vote: Vote = { kind: "notarize", epoch: 3, view: 17, hash: fill(32, 0xa1), signer: 2, signature: fill(96, 0xb2) };
export const nullify: Vote = { kind: "nullify", epoch: 3, view: 17, signer: 199, signature: fill(96, 0xb3) };
export const cert: Cert = { kind: "finalize", epoch: 3, view: 17, hash: fill(32, 0xa1), bitmap: fill(1, 0x0b), signature: fill(96, 0xc4) };
export const nullification: Cert = { kind: "nullify", epoch: 3, view: 16, bitmap: fill(25, 0xff), signature: fill(96, 0xc5) };

const body = {
  certs: [
    {
      kind: "batch" as const,
      header: { epoch: 3, publisher: 1, seq: 9, refHeight: 190, bytes: 126_000, gasLimitSum: 9_000_000n, expiry: 0, id: fill(32, 0xd1) },
      certificate: { bitmap: fill(1, 0x07), signature: fill(96, 0xd2) },
    },
    {
      kind: "blob" as const,
      header: { epoch: 2, publisher: 3, seq: 10, refHeight: 185, bytes: 8_388_608, gasLimitSum: 0n, expiry: 9000, id: fill(32, 0xd3) },
      certificate: { bitmap: fill(1, 0x0e), signature: fill(96, 0xd4) },
    },
  ],
  evidence: [],
  seals: [],
  depositsL1: [],
};
const header: Header = {
  epoch: 3,
  view: 17,
  height: 200,
  parentHash: fill(32, 0x01),
  timestampMs: 1_800_000_000_123,
  proposer: 2,
  randaoReveal: fill(96, 0x02),
  ...bodyRoots(body),
  l1Origin: { number: 0, hash: fill(32, 0) },
  payloadBytes: 126_000,
  blobBytes: 8_388_608,
  gasLimitSum: 9_000_000n,
  exec: {
    height: 197,
    evmBlockHash: fill(32, 0x03),
    stateRoot: fill(32, 0x04),
    receiptsRoot: fill(32, 0x05),
    gasUsed: 2n ** 63n + 1n,
    skippedRoot: fill(32, 0x06),
    number: blockNumber(190),
    systemRoot: fill(32, 0x09),
  },
  validatorSetHash: fill(32, 0x07),
  nextValidatorSetHash: fill(32, 0x08),
};
export const block: Block = { hash: headerHash(header), header, body };

const justification = { parentCert: { ...cert, kind: "notarize" as const, view: 15 }, nullifications: [nullification] };
const proposal = { epoch: 3, view: 17, parentView: 15, parentHash: fill(32, 0x01), justification };
export const propose: Propose = { ...proposal, content: { block }, vote: { ...vote, hash: block.hash } };
export const repropose: Propose = {
  ...proposal,
  content: { reproposalOf: fill(32, 0xa1) },
  justification: { nullifications: [] },
  vote,
};
export const status: Status = { epoch: 3, view: 17, finalized: cert, entry: nullification, nonce: 2 ** 53 - 1 };

export const messages: Message[] = [
  { type: "Vote", vote },
  { type: "Vote", vote: nullify },
  { type: "Cert", cert },
  { type: "Cert", cert: nullification },
  { type: "Propose", propose },
  { type: "Propose", propose: repropose },
  { type: "Status", status },
  { type: "Status", status: { epoch: 0, view: 1, nonce: 0 } },
  { type: "Certs", certs: [cert, nullification] },
  { type: "Blocks", blocks: [block] },
  { type: "Boundaries", boundaries: [{ block, cert }] },
  { type: "GetBlocks", hash: fill(32, 0x09), count: 256, above: 12 },
  { type: "GetCerts", epoch: 3, from: 4, to: 259 },
  { type: "GetBoundaries", fromEpoch: 2 },
  { type: "GetStatus", nonce: 7 },
];
