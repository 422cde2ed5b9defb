import type { Attack } from "./attack.ts";
import { creationAttacks } from "./cases/creation.ts";
import { frameAttacks } from "./cases/frames.ts";
import { inferenceAttacks } from "./cases/inference.ts";
import { logAttacks } from "./cases/logs.ts";
import { opcodeAttacks } from "./cases/opcodes.ts";
import { precompileAttacks } from "./cases/precompiles.ts";
import { stateAttacks } from "./cases/state.ts";
import { transactionAttacks } from "./cases/transactions.ts";

export const attacks: readonly Attack[] = [
  ...transactionAttacks,
  ...stateAttacks,
  ...creationAttacks,
  ...logAttacks,
  ...inferenceAttacks,
  ...precompileAttacks,
  ...frameAttacks,
  ...opcodeAttacks,
];
