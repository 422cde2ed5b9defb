/** Several consensus services in one process on a simulated clock and network, each with a disk that survives its death. */
import { utf8 } from "@noema/core/bytes";
import { publicKeyOf, secretKeyFromSeed, sign } from "@noema/core/crypto/bls";
import { createCertificateScheme } from "@noema/core/crypto/certificate-scheme";
import { signedMessage } from "@noema/core/crypto/signed-message";
import { sha256 } from "@noema/core/hash";
import type { ExecResult } from "@noema/core/ports/application";
import type { CertificateScheme, PublicKeyHex, Signer, Validator, ValidatorSet } from "@noema/core/ports/signing";
import { createKeyedValidators } from "@noema/core/testing/keyed-scheme";
import { createMemoryLog, type MemoryLog } from "@noema/core/testing/memory-log";
import { createMemoryStore, type MemoryStore } from "@noema/core/testing/memory-store";
import { createRecordingLogger, nullMetrics } from "@noema/core/testing/null-ports";
import { createSeededRandom, type SeededRandom } from "@noema/core/testing/seeded-random";
import { createSimClock, type SimClock } from "@noema/core/testing/sim-clock";
import { createSimNetwork, type SimNetwork, type SimPeer } from "@noema/core/testing/sim-network";
import { publicKeyAt, publicKeysOf } from "@noema/core/validator-index";
import { createValidatorSet } from "@noema/core/validator-set";
import { initVoteLog } from "../../log/vote-log.ts";
import { createConsensusOptions } from "../../options.ts";
import { type Consensus, createConsensus } from "../consensus.ts";
import type { Fault, FoundFault } from "../health.ts";
import { METHODS } from "../methods.ts";
import { type ChainApplication, createChainApplication } from "./chain-application.ts";

export const GENESIS_HASH = sha256(utf8("a test chain"));

export type Member = {
  consensus: Consensus;
  application: ChainApplication;
  peer: SimPeer;
  log: MemoryLog;
  kv: MemoryStore;
  logger: ReturnType<typeof createRecordingLogger>;
  /** Why it ended by itself. */
  ended?: Error;
  /** What it signed, but for answers to questions. */
  signed: string[];
  /** It may sign. */
  free: boolean;
  /** What this life told. */
  agreed: number[];
  faults: FoundFault[];
  /** As kill -9: unsynced records are gone, nothing arrives any more. */
  kill(): Promise<void>;
};

export type Cluster = {
  clock: SimClock;
  network: SimNetwork;
  set: ValidatorSet;
  scheme: CertificateScheme;
  signers: readonly Signer[];
  members: (Member | undefined)[];
  /** Who validator `index` of the first set is, in every epoch. */
  keyOf(index: number): PublicKeyHex;
  start(index: number, o?: { loseLog?: boolean; fault?: Fault }): Promise<Member>;
  /** A node without a key. */
  startFollower(id: string): Promise<Member>;
  /** Another process with validator `index`'s key: with a copy of its log, or one that begins; `listens: false` takes the rule away. */
  startTwin(index: number, o: { copyLog: boolean; listens?: boolean }): Promise<Member>;
  /** Advances the clock until the condition holds; throws after `limitMs` of simulated time. */
  until(condition: () => boolean, limitMs?: number): Promise<void>;
  stop(): Promise<void>;
};

type Disk = { log: MemoryLog; kv: MemoryStore; results: Map<number, ExecResult> };

export async function createCluster(
  n: number,
  o: {
    section?: Record<string, unknown>;
    keys?: "bls" | "keyed";
    instant?: boolean;
    random?: SeededRandom;
    /** The members' order in an epoch; the set's own by default. */
    order?: (epoch: number, members: readonly Validator[]) => readonly Validator[];
    /** What a node makes of its place in the network. */
    face?: (peer: SimPeer) => SimPeer;
  } = {},
): Promise<Cluster> {
  const { set, scheme, signers } =
    o.keys === "keyed" ? createKeyedValidators(Array(n).fill(1n), { genesisHash: GENESIS_HASH }) : blsValidators(n);
  const sets = new Map<number, ValidatorSet>();
  const setOf = (epoch: number) => {
    const found = sets.get(epoch) ?? { ...set, epoch, members: o.order?.(epoch, set.members) ?? set.members };
    sets.set(epoch, found);
    return found;
  };
  const keyOf = (index: number) => publicKeyAt(set, index) as PublicKeyHex;
  const options = createConsensusOptions({ deltaMs: 50, intervalMs: 200, epochLength: 64, instant: o.instant, ...o.section });
  const clock = createSimClock();
  const network = createSimNetwork({ clock, random: o.random, delayMs: () => 5 });
  const disks: Disk[] = [];
  for (let i = 0; i < n; i++) {
    const log = createMemoryLog();
    await initVoteLog(log, GENESIS_HASH);
    disks.push({ log, kv: createMemoryStore(), results: new Map() });
  }
  const members: (Member | undefined)[] = [];
  const genesisTimestampMs = clock.nowMs();
  const ending = new AbortController();
  let lives = 0;
  const others: Member[] = [];

  async function start(index: number, { loseLog = false, fault }: { loseLog?: boolean; fault?: Fault } = {}): Promise<Member> {
    const disk = disks[index] as Disk;
    if (loseLog) disk.log = createMemoryLog();
    const member = await startOn(disk, index, `v${index}`, true, fault);
    const { kill } = member;
    member.kill = async () => {
      await kill();
      members[index] = undefined;
    };
    members[index] = member;
    return member;
  }

  async function startTwin(index: number, { copyLog, listens = true }: { copyLog: boolean; listens?: boolean }): Promise<Member> {
    const log = createMemoryLog();
    if (copyLog) {
      for (const [, record] of (disks[index] as Disk).log.replay()) log.append(record);
      await log.sync();
    } else await initVoteLog(log, GENESIS_HASH);
    const twin = await startOn({ log, kv: createMemoryStore(), results: new Map() }, index, `twin ${lives} of v${index}`, listens);
    others.push(twin);
    return twin;
  }

  async function startFollower(id: string): Promise<Member> {
    const follower = await startOn({ log: createMemoryLog(), kv: createMemoryStore(), results: new Map() }, undefined, id, true);
    others.push(follower);
    return follower;
  }

  async function startOn(disk: Disk, index: number | undefined, id: string, listens: boolean, fault?: Fault): Promise<Member> {
    const joined = network.join(id, index === undefined ? undefined : keyOf(index));
    const faced = o.face?.(joined) ?? joined;
    const peer = listens ? faced : withoutQuestions(faced);
    const application = { ...createChainApplication(set, disk.results), validatorSet: setOf };
    const logger = createRecordingLogger();
    const signed: string[] = [];
    const consensus = createConsensus(options, {
      clock,
      random: createSeededRandom(`life ${lives++}`),
      network: peer,
      log: disk.log,
      kv: disk.kv,
      signer: index === undefined ? undefined : recording(signers[index] as Signer, signed),
      scheme,
      application,
      logger,
      metrics: nullMetrics,
      genesisHash: GENESIS_HASH,
      genesisTimestampMs,
      ended: (reason) => (member.ended ??= reason),
      fault,
    });
    const member: Member = {
      consensus,
      application,
      peer,
      log: disk.log,
      kv: disk.kv,
      logger,
      kill,
      signed,
      free: false,
      agreed: [],
      faults: [],
    };
    consensus.onAgreed((own) => void member.agreed.push(own.height));
    consensus.onFault((found) => void member.faults.push(found));
    async function kill() {
      peer.leave();
      disk.log = disk.log.crash();
      void consensus.stop();
    }
    await consensus.start(ending.signal);
    void consensus.keyIsFree().then(() => (member.free = true));
    consensus.join().catch((error) => (member.ended ??= error));
    return member;
  }
  return {
    clock,
    network,
    set,
    scheme,
    signers,
    members,
    keyOf,
    start,
    startTwin,
    startFollower,
    async until(condition, limitMs = 60_000) {
      const end = clock.nowMs() + limitMs;
      while (!condition()) {
        if (clock.nowMs() >= end)
          throw new Error(`not within ${limitMs} ms: ${members.map((m) => m && JSON.stringify(m.consensus.status()))}`);
        await clock.advanceAsync(10);
      }
    },
    async stop() {
      ending.abort();
      for (const member of [...members, ...others]) await member?.consensus.stop();
    },
  };
}

function blsValidators(n: number) {
  const secrets = Array.from({ length: n }, (_, i) => secretKeyFromSeed(sha256(utf8(`validator ${i}`))));
  const set = createValidatorSet(
    0,
    secrets.map((secret, i) => ({ publicKey: publicKeyOf(secret), weight: 1n, feeAddress: new Uint8Array(20).fill(i + 1) })),
  );
  const keys = new Map(secrets.map((secret) => [Buffer.from(publicKeyOf(secret)).toString("hex"), secret]));
  const signers: Signer[] = publicKeysOf(set).map((publicKey) => {
    const secret = keys.get(publicKey) as Uint8Array;
    return { publicKey, sign: async (kind, body) => sign(secret, signedMessage(kind, GENESIS_HASH, body)) };
  });
  return { set, scheme: createCertificateScheme(GENESIS_HASH), signers };
}

function recording(signer: Signer, signed: string[]): Signer {
  return {
    publicKey: signer.publicKey,
    sign(kind, body) {
      if (kind !== "alive") signed.push(kind);
      return signer.sign(kind, body);
    },
  };
}

/** Every question about the own key is answered as if nobody else had it, and nobody is told that it lives here. */
function withoutQuestions(peer: SimPeer): SimPeer {
  return {
    ...peer,
    request: (to, method, body, max, signal) => (method === METHODS.ownKey.name ? noTwin() : peer.request(to, method, body, max, signal)),
    serve: (method, f) => method !== METHODS.aliveProof.name && peer.serve(method, f),
  };
}

async function* noTwin() {
  yield Uint8Array.of(8, 0, 0, 0, 8, 0, 0, 0);
}
