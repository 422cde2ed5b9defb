/** genesis.json, each section read by the layer that owns it. */
import { type ConsensusOptions, createConsensusOptions } from "@noema/consensus/options";
import { coreError } from "@noema/core/errors";
import { type Genesis, genesisHash, parseGenesis } from "@noema/core/genesis";
import type { Hash } from "@noema/core/ports/bytes";
import type { ValidatorSet } from "@noema/core/ports/signing";
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
  requireRoom(da.maxBatchGas, consensus.maxGas, execution.gasLimit);
  return { genesis, hash: genesisHash(genesis), consensus, execution, da, validatorSet: createValidatorSets(genesis) };
}

/** A batch that fits into no block is never ordered; what a block orders and execution has no gas for is skipped. */
function requireRoom(batch: number, ordered: number, executed: bigint): void {
  if (batch <= ordered && BigInt(ordered) <= executed) return;
  const rule = "da.maxBatchGas <= consensus.maxGas <= execution.gasLimit";
  throw coreError("GENESIS_INVALID", `genesis.json: ${rule} does not hold: ${batch}, ${ordered}, ${executed}`);
}
