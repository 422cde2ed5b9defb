/** What the banner shows of the chain as it is now, which on a resumed one genesis does not say. */
export type ChainNow = { height: number; baseFee: bigint; balances: bigint[]; models: string[] };

/** One batch. */
export async function askChain(rpcUrl: string, addresses: readonly string[]): Promise<ChainNow> {
  const [block, models, ...balances] = await batch(rpcUrl, [
    ["eth_getBlockByNumber", "latest", false],
    ["noema_models"],
    ...addresses.map((address) => ["eth_getBalance", address, "latest"]),
  ]);
  const { number, baseFeePerGas } = block as { number: string; baseFeePerGas?: string }; // before London there is none
  return {
    height: Number(number),
    baseFee: BigInt(baseFeePerGas ?? 0),
    balances: balances.map((x) => BigInt(x as string)),
    models: (models as { name: string }[]).map((x) => x.name),
  };
}

async function batch(rpcUrl: string, calls: readonly (readonly unknown[])[]): Promise<unknown[]> {
  const response = await fetch(rpcUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(calls.map(([method, ...params], id) => ({ jsonrpc: "2.0", id, method, params }))),
  });
  const answers = (await response.json()) as { id: number; result: unknown }[];
  return answers.sort((a, b) => a.id - b.id).map((x) => x.result);
}
