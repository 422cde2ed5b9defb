/**
 * A devnet's genesis: fresh validators and salt (so that certificates of an older chain are worthless), funded accounts, the
 * contracts that tools expect, its models. A data directory keeps the genesis that it was made with.
 */
import { randomBytes } from "node:crypto";
import { fromHex, to0x, ZERO_HASH } from "@noema/core/bytes";
import { BLOCK_GAS } from "@noema/core/chain-limits";
import { publicKeyOf, sign } from "@noema/core/crypto/bls";
import { possessionBody, signedMessage } from "@noema/core/crypto/signed-message";
import { type Genesis, parseGenesis } from "@noema/core/genesis";
import { withoutGasCap } from "@noema/execution/rules/forks";
import { type DevAccount, deriveAccounts } from "./accounts.ts";
import { contractAlloc } from "./genesis-contracts.ts";
import { seedBytes } from "./keys.ts";
import type { DevnetOptions } from "./options.ts";

/** consensus.md 2.10, devnet column. */
const DEVNET_DELTA_MS = 50;
const DEVNET_INTERVAL_MS = 200;
const DEVNET_IDLE_INTERVAL_MS = 4000; // not 2000: docs/decisions/0008
const DEVNET_EPOCH_LENGTH = 64;

/** `secretKeys[i]` is validator i's: they come ordered by public key. `accounts` are funded. `models`: name and sha256 of each file. */
export function createGenesis(
  options: DevnetOptions,
  secretKeys: readonly Uint8Array[],
  accounts: readonly DevAccount[],
  models: readonly [string, string][],
): Genesis {
  const wei = `0x${(BigInt(options.balance) * 10n ** 18n).toString(16)}`;
  // Fees go to accounts of the same mnemonic that are not among the funded ones: m/44'/60'/1'/0/i.
  const feeAccounts = deriveAccounts(options.mnemonic, secretKeys.length, 1);
  return parseGenesis({
    chainId: options.chainId,
    timestampMs: Date.now(),
    salt: to0x(options.seed === undefined ? randomBytes(32) : seedBytes(options.seed, "salt")),
    dev: true,
    fork: options.disableTxGasLimit ? withoutGasCap(options.hardfork) : options.hardfork,
    validators: secretKeys.map((key, i) => genesisValidator(key, (feeAccounts[i] as DevAccount).address.toLowerCase())),
    consensus: consensusSection(options),
    execution: {
      gasLimit: options.gasLimit,
      baseFeePerGas: options.baseFee,
      mining: miningOf(options),
      history: 0, // 128 blocks are 128 transactions here: suites ask for their own start
      alloc: { ...contractAlloc(), ...Object.fromEntries(accounts.map((x) => [x.address.toLowerCase(), { balance: wei }])) },
    },
    da: { maxBatchGas: Math.min(options.gasLimit, BLOCK_GAS) },
    inference: { models },
  });
}

/** Without an interval a height has a block only where it has something in it: numbers are then those of anvil, on several validators too. */
function miningOf({ mining, blockTime }: DevnetOptions): "none" | "auto" | "every" {
  if (mining === false) return "none";
  return blockTime === undefined ? "auto" : "every";
}

function consensusSection(options: DevnetOptions): Record<string, unknown> {
  const intervalMs = options.blockTime === undefined ? DEVNET_INTERVAL_MS : Math.round(options.blockTime * 1000);
  const instant = options.validators === 1 && options.blockTime === undefined;
  return {
    deltaMs: DEVNET_DELTA_MS,
    intervalMs: instant ? 1 : intervalMs,
    idleIntervalMs: Math.max(intervalMs, options.blockTime === undefined ? DEVNET_IDLE_INTERVAL_MS : 0),
    epochLength: DEVNET_EPOCH_LENGTH,
    maxGas: options.gasLimit,
    instant,
  };
}

function genesisValidator(secretKey: Uint8Array, fee: string): Genesis["validators"][number] {
  const publicKey = publicKeyOf(secretKey);
  const pop = sign(secretKey, signedMessage("pop", ZERO_HASH, possessionBody(publicKey, fromHex(fee))));
  return { publicKey: to0x(publicKey), weight: "1", feeAddress: fee, pop: to0x(pop) };
}
