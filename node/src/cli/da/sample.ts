/** `noema da sample`: is an object available? Asked of several nodes, none of which has to be trusted but for who the validators are. */
import { fromHex, to0x } from "@noema/core/bytes";
import { coreError } from "@noema/core/errors";
import { createValidatorSet } from "@noema/core/validator-set";
import { PROVEN_CELL_BYTES } from "@noema/da-layer/sampling/cells";
import type { TrustedChain } from "@noema/da-layer/sampling/certified";
import { type SamplingResult, sampleObject } from "@noema/da-layer/sampling/client";
import { createHttpSource } from "@noema/da-layer/sampling/http-source";
import { createNobleCrypto } from "@noema/da-layer/sampling/noble-crypto";
import { systemClock } from "../../clock.ts";
import { readChainSpec } from "../../wiring/genesis.ts";
import { cliError } from "../errors.ts";
import { createProgress } from "../progress.ts";
import { ask, readJson } from "./ask.ts";
import { describeFile, urlOf } from "./describe-file.ts";

export type SampleOptions = { rpc: readonly string[]; samples: number; genesis?: string; json: boolean };

type NodeInfo = { chainId: string; genesisHash: string };
type Validator = { publicKey: string; weight: string; feeAddress: string; rpcUrl: string | null };
/** `urls`: where validators answer, as the nodes say. */
type Chain = TrustedChain & { urls: string[] };

export async function sample(id: string, options: SampleOptions): Promise<void> {
  if (!/^0x[0-9a-fA-F]{64}$/.test(id)) throw coreError("ARGUMENT_INVALID", "an id is 0x and 64 hex digits: what put printed");
  const chain = await trustedChain(options);
  const urls = [...new Set([...options.rpc, ...chain.urls])];
  const started = performance.now();
  let line = `asking ${urls.length} nodes`;
  const sampling = sampleObject({
    id: fromHex(id),
    samples: options.samples,
    sources: urls.map(createHttpSource),
    chain,
    crypto: createNobleCrypto(chain.genesisHash),
    clock: systemClock,
    signal: new AbortController().signal,
    onSample({ done, total, chance }) {
      line = `${done} of ${total} samples are good, confidence ${confidence(chance)}`;
    },
  });
  const result = await createProgress(process.stderr).during((seconds) => `${line} ... ${seconds} s`, sampling);
  const seconds = (performance.now() - started) / 1000;
  const described = await describeFile(urlOf(options.rpc[0] as string, id)).catch(() => undefined); // what cannot be read is sampled all the same
  report(id, result, seconds, described?.kind === "object" ? undefined : described?.kind, options.json);
}

/** `manifestOf`: what it is a manifest of. */
function report(
  id: string,
  { facts, samples, chance, faults }: SamplingResult,
  seconds: number,
  manifestOf: string | undefined,
  json: boolean,
): void {
  const { R, N } = facts.meta;
  const bytes = samples * PROVEN_CELL_BYTES;
  if (json)
    return void process.stdout.write(
      `${JSON.stringify({ id, available: true, manifestOf, samples, chance, rows: N, needed: R, bytes, faults })}\n`,
    );
  if (manifestOf !== undefined)
    process.stderr.write(
      `${id} is the manifest of a ${manifestOf} in several objects: its samples say nothing of those, each of which has an id\n`,
    );
  for (const name of new Set(faults.map((fault) => fault.source))) {
    const own = faults.filter((fault) => fault.source === name);
    process.stderr.write(`${name} failed ${own.length} times: ${[...new Set(own.map((fault) => fault.code))].join(", ")}\n`);
  }
  process.stdout.write(
    `available: ${samples} of ${samples} samples of ${N} rows (any ${R} rebuild it) are good, ${Math.round(bytes / 1024)} KiB in ${seconds.toFixed(1)} s\n` +
      `confidence ${confidence(chance)}: an object that cannot be rebuilt passes with a chance of at most ${chance.toExponential(1)}\n`,
  );
}

function confidence(chance: number): string {
  return chance < 1e-4 ? `1 - ${chance.toExponential(1)}` : `${(100 * (1 - chance)).toFixed(2)} %`;
}

/** Of genesis.json where it is given; else what all nodes named by --rpc agree on. */
async function trustedChain({ rpc, genesis }: SampleOptions): Promise<Chain> {
  const told = await Promise.all(rpc.map(chainOf));
  const [first] = told as [Told];
  const other = told.findIndex((x) => x.key !== first.key);
  if (other > 0) throw cliError("CLI_REQUEST_FAILED", `${rpc[0]} and ${rpc[other]} are of different chains, or name different validators`);
  if (genesis === undefined) return first.chain;
  const spec = readChainSpec(genesis);
  if (to0x(spec.hash) !== to0x(first.chain.genesisHash))
    throw cliError("CLI_REQUEST_FAILED", `${rpc[0]} runs another chain than ${genesis}`);
  return { ...first.chain, chainId: spec.genesis.chainId, genesisHash: spec.hash, validatorSetOf: spec.validatorSet };
}

type Told = { chain: Chain /** Equal where chain and validators are. */; key: string };

async function chainOf(url: string): Promise<Told> {
  const call = async <T>(method: string): Promise<T> => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: [] });
    const answer = await ask(url, { method: "POST", headers: { "content-type": "application/json" }, body }).then(readJson<{ result?: T }>);
    if (answer.result === undefined) throw cliError("CLI_REQUEST_FAILED", `${url}: no answer to ${method}: is this a Noema node?`);
    return answer.result;
  };
  const [info, validators] = await Promise.all([call<NodeInfo>("noema_nodeInfo"), call<Validator[]>("noema_validators")]);
  const members = validators.map((x) => ({
    publicKey: fromHex(x.publicKey, 48),
    weight: BigInt(x.weight),
    feeAddress: fromHex(x.feeAddress, 20),
  }));
  const set = createValidatorSet(0, members);
  const urls = validators.flatMap((x) => (x.rpcUrl === null ? [] : [x.rpcUrl.replace(/\/$/, "")]));
  const chain = {
    chainId: Number(info.chainId),
    genesisHash: fromHex(info.genesisHash, 32),
    validatorSetOf: (epoch: number) => ({ ...set, epoch }), // genesis names the validators of every epoch
    urls,
  };
  return { chain, key: `${info.genesisHash} ${to0x(set.hash)}` };
}
