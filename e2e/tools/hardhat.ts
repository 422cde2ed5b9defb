/** Hardhat 3 in this process. Its packages are installed for `test:tools` alone, so what is used of their types stands here. */
export type HardhatNetwork = {
  provider: { request(o: { method: string; params: unknown[] }): Promise<unknown> };
  /** Where the plugin of that name is. */
  networkHelpers: unknown;
  close(): Promise<void>;
};
type Environment = { network: { connect(name: string): Promise<HardhatNetwork> } };

const ENVIRONMENT: string = "hardhat/hre";
const NETWORK_HELPERS: string = "@nomicfoundation/hardhat-network-helpers";

/** `folder`: of the project, where caches lie. */
export async function openHardhat(config: object, folder?: string): Promise<Environment> {
  const { createHardhatRuntimeEnvironment } = await import(ENVIRONMENT);
  return createHardhatRuntimeEnvironment(config, {}, folder);
}

export async function networkHelpersPlugin(): Promise<unknown> {
  return (await import(NETWORK_HELPERS)).default;
}
