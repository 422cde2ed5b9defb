/** genesis.json, each section read by the layer that owns it. */
import { type ConsensusOptions, createConsensusOptions } from "@noema/consensus/options";
import { coreError } from "@noema/core/errors";
import { type Genesis, genesisHash, parseGenesis } from "@noema/core/genesis";
import type { Hash } from "@noema/core/ports/bytes";
import type { ValidatorSet } from "@noema/core/ports/signing";
import { INCLUSION_WINDOW } from "@noema/da-layer/limits";
import { type DaGenesis, parseDaGenesis } from "@noema/da-layer/options";
import { type ExecutionGenesis, parseExecutionGenesis } from "@noema/execution/options";
import { createValidatorSets } from "../chain/validator-sets.ts";
import { readJson } from "../files/read-json.ts";

export type ChainSpec = {
  genesis: Genesis;
  hash: Hash;
  consensus: ConsensusOptions;
  execution: ExecutionGenesis;
  da: DaGenesis;
  validatorSet: (epoch: number) => ValidatorSet;
};

/** Throws FILE_UNREADABLE, FILE_NOT_JSON, GENESIS_INVALID and the layers' *_OPTIONS_INVALID. */
export function readChainSpec(path: string): ChainSpec {
  const genesis = parseGenesis(readJson(path));
  const { instant, ...options } = genesis.consensus;
  const consensus = createConsensusOptions(options, { instant: instant === true });
  const execution = parseExecutionGenesis(genesis.execution);
  const da = parseDaGenesis(genesis.da);
  requireAgreement({ consensus, execution, da });
  return { genesis, hash: genesisHash(genesis), consensus, execution, da, validatorSet: createValidatorSets(genesis) };
}

/** Limits that stand in more than one section. What fits into no block is never ordered; what is ordered and has no room is skipped. */
function requireAgreement({ consensus, execution, da }: Pick<ChainSpec, "consensus" | "execution" | "da">): void {
  const gas = [da.maxBatchGas, consensus.maxGas, execution.gasLimit];
  requireRising("da.maxBatchGas <= consensus.maxGas <= execution.gasLimit", gas);
  requireRising("da.payloadBytesPerBlock <= consensus.maxPayloadBytes", [da.payloadBytesPerBlock, consensus.maxPayloadBytes]);
  requireRising("da.blobBytesPerBlock <= consensus.maxBlobBytes", [da.blobBytesPerBlock, consensus.maxBlobBytes]);
  requireRising("da.blobRetention <= da.maxBlobRetention", [da.blobRetention, da.maxBlobRetention]);
  // The lanes forget what is older, and offer what is younger.
  requireRising(`consensus.inclusionWindow = ${INCLUSION_WINDOW}`, [INCLUSION_WINDOW, consensus.inclusionWindow, INCLUSION_WINDOW]);
}

function requireRising(rule: string, values: readonly (number | bigint)[]): void {
  if (values.every((value, i) => i === 0 || (values[i - 1] as number | bigint) <= value)) return;
  throw coreError("GENESIS_INVALID", `genesis.json: ${rule} does not hold: ${values.join(", ")}`);
}
