/** What comes from outside: garbage, stolen votes, bad signatures; and what goes outside: a certificate that anybody can verify. */
import { hash } from "node:crypto";
import { to0x, u64le } from "@noema/core/bytes";
import { verifyAggregate } from "@noema/core/crypto/bls";
import { voteBody } from "@noema/core/crypto/signed-message";
import type { Certificate } from "@noema/core/ports/signing";
import { createKeyedValidators } from "@noema/core/testing/keyed-scheme";
import type { SimPeer } from "@noema/core/testing/sim-network";
import { indexOf } from "@noema/core/validator-index";
import { afterEach, expect, test } from "vitest";
import { blockType } from "../wire/block.ts";
import { headerHash, toBlock } from "../wire/body.ts";
import type { Message } from "../wire/frame.ts";
import { encodeFrame } from "../wire/frame.ts";
import { block, propose } from "../wire/testing/samples.ts";
import { METHODS } from "./methods.ts";
import { type Cluster, createCluster, GENESIS_HASH, type Member } from "./testing/cluster.ts";

let cluster: Cluster;
afterEach(() => cluster?.stop());

const height = () => cluster.members[0]?.consensus.status().height ?? 0;

/** Three services and, in the fourth validator's place, a peer that the test speaks for. */
async function withStranger(validator: number | undefined): Promise<SimPeer> {
  cluster = await createCluster(4, { keys: "keyed" });
  for (let i = 0; i < 3; i++) await cluster.start(i);
  const stranger = cluster.network.join("stranger", validator === undefined ? undefined : cluster.keyOf(validator));
  stranger.onFrame("consensus", () => ({ ok: true }));
  return stranger;
}

test("garbage is dropped with its reason, and the node goes on", async () => {
  const stranger = await withStranger(3);
  const vote: Message = { type: "Vote", vote: { kind: "nullify", epoch: 0, view: 1, signer: 3, signature: new Uint8Array(96) } };
  for (const frame of [new Uint8Array(0), Uint8Array.of(77), new Uint8Array(9000).fill(1), encodeFrame(vote).slice(0, 50)])
    stranger.send("v0", "consensus", frame);
  await cluster.until(() => cluster.network.verdicts.length === 4);
  expect(cluster.network.verdicts.map((v) => [v.code, v.action])).toEqual([
    ["CONSENSUS_FRAME_INVALID", "reject"],
    ["CONSENSUS_FRAME_INVALID", "reject"],
    ["CONSENSUS_FRAME_INVALID", "reject"],
    ["CONSENSUS_FRAME_INVALID", "reject"],
  ]);
  expect(cluster.members[0]?.consensus.status().dropped).toBeGreaterThanOrEqual(4);
  await cluster.until(() => height() >= 3);
});

test("a peer without a validator's key has no vote", async () => {
  const stranger = await withStranger(undefined);
  stranger.send("v0", "consensus", encodeFrame({ type: "GetStatus", nonce: 1 }));
  await cluster.until(() => cluster.network.verdicts.length === 1);
  expect(cluster.network.verdicts[0]).toMatchObject({ code: "CONSENSUS_PEER_NOT_VALIDATOR", action: "ignore" });
});

test("a vote in another's name is refused, and its sender disconnected", async () => {
  const stranger = await withStranger(3);
  const vote = { kind: "nullify" as const, epoch: 0, view: 1, signer: 1, signature: new Uint8Array(96) };
  stranger.send("v0", "consensus", encodeFrame({ type: "Vote", vote }));
  await cluster.until(() => cluster.network.verdicts.length === 1);
  expect(cluster.network.verdicts[0]).toMatchObject({ code: "CONSENSUS_VOTE_NOT_OWN", action: "disconnect" });
});

test("a bad signature fails the aggregate, is found by bisection, and its sender is disconnected", async () => {
  const stranger = await withStranger(3);
  await cluster.until(() => {
    const { view } = cluster.members[0]?.consensus.status() ?? { view: 1 };
    for (let ahead = 0; ahead < 3; ahead++) {
      const vote = {
        kind: "notarize" as const,
        epoch: 0,
        view: view + ahead,
        hash: hashOfNextProposal(),
        signer: 3,
        signature: new Uint8Array(96).fill(1),
      };
      stranger.send("v0", "consensus", encodeFrame({ type: "Vote", vote }));
      stranger.send(
        "v0",
        "consensus",
        encodeFrame({
          type: "Vote",
          vote: { kind: "nullify", epoch: 0, view: view + ahead, signer: 3, signature: new Uint8Array(96).fill(1) },
        }),
      );
    }
    return cluster.network.verdicts.some((v) => v.code === "CONSENSUS_VOTE_BAD");
  });
  expect(cluster.network.verdicts.at(-1)).toMatchObject({ at: "v0", action: "disconnect" });
  await cluster.until(() => height() >= 5);
});

const hashOfNextProposal = () => new Uint8Array(32).fill(9);

test("a certificate verifies with nothing but what finality() gives and the chain's genesisHash", async () => {
  cluster = await createCluster(4);
  for (let i = 0; i < 4; i++) await cluster.start(i);
  await cluster.until(() => height() >= 4);
  const sha256 = (...parts: Uint8Array[]) => new Uint8Array(hash("sha256", Buffer.concat(parts), "buffer"));
  for (let at = 1; at <= 3; at++) {
    const { headerHash: block, header, certificate: c, path } = cluster.members[0]?.consensus.finality(at) ?? expect.fail();
    expect(headerHash(header)).toEqual(block);
    expect(path.length === 0 ? block : headerHash(path.at(-1) ?? header)).toEqual(c.hash);
    const domain = sha256(Buffer.from("noema/1/finalize"), GENESIS_HASH);
    const message = sha256(domain, u64le(c.epoch), u64le(c.view), c.hash);
    expect(message).toEqual(c.message);
    const signers = c.members.filter((_, i) => ((c.bitmap[i >> 3] ?? 0) >> (i & 7)) & 1);
    const weight = signers.reduce((sum, m) => sum + m.weight, 0n);
    expect(3n * weight > 2n * c.members.reduce((sum, m) => sum + m.weight, 0n)).toBe(true);
    const keys = signers.map((m) => m.publicKey);
    expect(verifyAggregate(keys, message, c.signature)).toBe(true);
    expect(verifyAggregate(keys, sha256(message), c.signature)).toBe(false);
  }
  expect(() => cluster.members[0]?.consensus.finality(9999)).toThrow(expect.objectContaining({ code: "CONSENSUS_NOT_FINAL" }));
});

test("a proposal of one who does not lead, and a certificate that does not verify, are named when their sender is disconnected", async () => {
  const zeros = new Uint8Array(96);
  const notLeader = { ...propose, epoch: 0, view: 1, vote: { ...propose.vote, signer: 3, epoch: 0, view: 1 } };
  const forged = { kind: "nullify" as const, epoch: 0, view: 1, bitmap: Uint8Array.of(0b1110), signature: zeros.fill(1) };
  for (const [message, code] of [
    [{ type: "Propose", propose: notLeader }, "CONSENSUS_PROPOSAL_BAD"],
    [{ type: "Cert", cert: forged }, "CONSENSUS_CERT_BAD"],
  ] as [Message, string][]) {
    const stranger = await withStranger(3);
    await cluster.until(() => {
      stranger.send("v0", "consensus", encodeFrame(message));
      return cluster.network.verdicts.length > 0;
    });
    expect(cluster.network.verdicts[0]).toMatchObject({ at: "v0", code, action: "disconnect" });
    await cluster.stop();
  }
});

test("one who sends more than the queue takes loses the rest, and stays connected", async () => {
  const stranger = await withStranger(3);
  for (let i = 0; i < 2000; i++) stranger.send("v0", "consensus", encodeFrame({ type: "GetStatus", nonce: i }));
  await cluster.until(() => cluster.network.verdicts.length > 0);
  expect(cluster.network.verdicts[0]).toMatchObject({ at: "v0", code: "CONSENSUS_QUEUE_FULL", action: "ignore" });
  await cluster.until(() => height() >= 3);
});

test("a certificate that finalizes a block beside the own chain ends the voting", async () => {
  const stranger = await withStranger(3);
  await cluster.until(() => height() >= 2);
  const { epoch, view } = cluster.members[0]?.consensus.status() ?? expect.fail();
  const at = view + 1;
  const { set, scheme, signers } = createKeyedValidators(Array(4).fill(1n), { genesisHash: GENESIS_HASH });
  const beside = { ...block.header, epoch, view: at, height: 3, proposer: 3 };
  const hash = headerHash(beside);
  const body = voteBody(epoch, at, hash);
  const votes = await Promise.all(
    signers.map(async (x): Promise<[number, Uint8Array]> => [indexOf(set, x.publicKey) as number, await x.sign("finalize", body)]),
  );
  const { certificate } = (await scheme.aggregate(set, "finalize", body, new Map(votes))) as { certificate: Certificate };
  stranger.serve(METHODS.blocksByHash.name, async function* () {
    yield blockType.serialize(toBlock({ hash, header: beside, body: block.body }));
  });
  stranger.send("v0", "consensus", encodeFrame({ type: "Cert", cert: { kind: "finalize", epoch, view: at, hash, ...certificate } }));
  const [victim] = cluster.members as [Member];
  await cluster.until(() => victim.faults.length > 0);
  expect(victim.faults[0]).toMatchObject({ code: "CONSENSUS_FORKED", message: `final beside the own chain: ${to0x(hash)}` });
  expect(victim.consensus.status().healthy).toBe(false);
});
