/** genesis.json, each section read by the layer that owns it. */
import { type ConsensusOptions, createConsensusOptions } from "@noema/consensus/options";
import { disagreement } from "@noema/core/chain-limits";
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
  return parseChainSpec(readJson(path));
}

/** Throws GENESIS_INVALID and the layers' *_OPTIONS_INVALID. */
export function parseChainSpec(json: unknown): ChainSpec {
  const genesis = parseGenesis(json);
  const consensus = createConsensusOptions(genesis.consensus, { dev: genesis.dev });
  const execution = parseExecutionGenesis(genesis.execution);
  const da = parseDaGenesis(genesis.da);
  const contradiction = disagreement({ consensus, execution, da });
  if (contradiction !== undefined) throw coreError("GENESIS_INVALID", `genesis.json: ${contradiction}`);
  return { genesis, hash: genesisHash(genesis), consensus, execution, da, validatorSet: createValidatorSets(genesis) };
}
