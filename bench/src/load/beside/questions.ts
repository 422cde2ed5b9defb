/** What `--probe` may ask, and with which parameters. */
export type About = { address: string; hash: string };

export const QUESTIONS: Record<string, (about: About) => unknown[]> = {
  eth_blockNumber: () => [],
  eth_getBalance: ({ address }) => [address, "latest"],
  eth_getBlockByNumber: () => ["latest", false],
  eth_getProof: ({ address }) => [address, [], "latest"],
  eth_getTransactionReceipt: ({ hash }) => [hash],
};
