/**
 * One DigitReader a chain, for page, demo and everybody: CREATE2 (EIP-1014) puts it at an address that follows from its code and
 * its model, whoever sends the transaction and whatever that account's nonce is. Over JSON-RPC only, in Node and in a browser.
 */
type Hex = `0x${string}`;

/** Of genesis on a devnet: docs/decisions/0011. Its calldata is salt ++ init code. */
const DEPLOYER = "0x4e59b44847b379578588920ca78fbf26c0b4956c";
const SALT = "00".repeat(32);

export type DigitReaderDeps = {
  ask<T>(method: string, ...params: unknown[]): Promise<T>;
  /** Creation code of DigitReader.sol, without its argument. */
  bytecode: Hex;
  /** Sends a transaction and resolves when it is in `latest`, whatever came of it. */
  send(transaction: { to: Hex; data: Hex }): Promise<unknown>;
};

/** Where it is; deployed if it is not there yet. */
export async function ensureDigitReader({ ask, bytecode, send }: DigitReaderDeps, modelId: Hex): Promise<Hex> {
  const initCode: Hex = `${bytecode}${modelId.slice(2)}`;
  const address = await digitReaderAddress(ask, initCode);
  const hasCode = async (at: Hex) => (await ask<Hex>("eth_getCode", at, "latest")) !== "0x";
  if (await hasCode(address)) return address;
  if (!(await hasCode(DEPLOYER)))
    throw new Error(`this chain's genesis has no CREATE2 deployer at ${DEPLOYER}: start the devnet with --fresh`);
  const failure = await send({ to: DEPLOYER, data: `0x${SALT}${initCode.slice(2)}` }).catch((error: Error) => error);
  if (await hasCode(address)) return address; // also when another was first and ours failed for that
  throw failure instanceof Error ? failure : new Error(`DigitReader could not be deployed at ${address}`);
}

/** keccak256(0xff ++ deployer ++ salt ++ keccak256(initCode)), hashed by the node: a page needs no keccak. */
async function digitReaderAddress(ask: DigitReaderDeps["ask"], initCode: Hex): Promise<Hex> {
  const codeHash = await ask<Hex>("web3_sha3", initCode);
  const hash = await ask<Hex>("web3_sha3", `0xff${DEPLOYER.slice(2)}${SALT}${codeHash.slice(2)}`);
  return `0x${hash.slice(-40)}`;
}
