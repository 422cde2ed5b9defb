import type { RpcDeps } from "../deps.ts";

/** The release whose names, defaults and answers a devnet is compared with (e2e/tools/package.json). */
const ANVIL = "anvil/v1.7.1";

/**
 * What web3_clientVersion answers. Tools look at the name before they call anything: Hardhat's network-helpers refuse every helper
 * where it begins with neither HardhatNetwork nor anvil, OpenZeppelin's upgrades keep a manifest of what is no development chain.
 */
export function clientVersion({ version, identity, operations }: Pick<RpcDeps, "version" | "identity" | "operations">): string {
  return operations !== undefined && identity === "anvil" ? `${ANVIL} (${version})` : version;
}
