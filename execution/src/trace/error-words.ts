/** Why a frame failed as geth says it, and as Parity did (go-ethereum, eth/tracers/native/call_flat.go). */

export function gethError(error: string): string {
  return error === "revert" ? "execution reverted" : error;
}

const PARITY: Readonly<Record<string, string>> = {
  "contract creation code storage out of gas": "Out of gas",
  "out of gas": "Out of gas",
  "max code size exceeded": "Out of gas",
  "invalid jump destination": "Bad jump destination",
  revert: "Reverted",
  "return data out of bounds": "Out of bounds",
  "stack overflow": "Out of stack",
  "stack underflow": "Stack underflow",
  "invalid input length": "Built-in failed",
  "write protection": "Mutable Call In Static Context",
};

export function parityError(error: string): string {
  return PARITY[error] ?? (error.startsWith("invalid opcode") ? "Bad instruction" : gethError(error));
}
