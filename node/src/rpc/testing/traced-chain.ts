/** A chain that executes, behind the RPC faces: what a trace says is what ran. */
import { blockNumber } from "@noema/core/block-number";
import { startChain } from "@noema/execution/testing/chain";
import { createRpcServer, type RpcServer } from "../server.ts";
import { createFakeChain } from "./fake-chain.ts";

type Options = NonNullable<Parameters<typeof startChain>[0]>;

/** `run` makes a block of each list of raw transactions. */
export async function serveTracedChain(options: Options, blocks: readonly (readonly Uint8Array[])[]): Promise<RpcServer> {
  const chain = await startChain(options);
  for (const [i, txs] of blocks.entries()) await chain.service.execute(chain.input(i + 1, txs));
  const { deps } = createFakeChain();
  const head = { height: blocks.length, number: blockNumber(blocks.length) };
  const tags = () => ({ latest: head, safe: head, finalized: head });
  return createRpcServer({ port: 0 }, { ...deps, execution: chain.service, chain: { ...deps.chain, tags } });
}
