/**
 * execution-apis' recorded requests of eth_simulateV1 with geth's answers, where NOEMA_CONFORMANCE names a folder with `rpc-compat`.
 * The chain below is another one of the same height, time and chain id: hashes and roots of the state differ.
 */
import { blockNumber } from "@noema/core/block-number";
import { suiteFolder, wholeSuite } from "@noema/core/testing/conformance";
import { startChain, testGenesis } from "@noema/execution/testing/chain";
import { describe, expect, it } from "vitest";
import { createRpcServer } from "../../server.ts";
import { callRpc } from "../../testing/call.ts";
import { createFakeChain } from "../../testing/fake-chain.ts";

/** Of the recorded chain. */
const HEAD = 54;
const CHAIN_ID = 3_503_995_874_084_926;
/** Of genesis, for theirs after as many empty blocks. */
const BASE_FEE = 37_111_761_054;
/** Follow from the blocks below, or from states that nobody made. */
const OTHERS = new Set(["hash", "parentHash", "blockHash", "stateRoot"]);
/** Cases that show them, or blocks of proof of work. */
const ELSEWHERE =
  /-(blockhash-|contract-calls-itself|get-block-properties|overwrite-existing|use-as-many|set-firstblock|more-non-defined.*now-with-fit)/;
/** geth has no code of its own for a block that is not there. */
const CODES: Record<number, number> = { [-32001]: -32000 };

const folder = suiteFolder("rpc-compat");
if (folder === undefined) console.log("eth_simulateV1 of rpc-compat: 0 cases, NOEMA_CONFORMANCE names no folder that has them");

async function recordedHead() {
  const alloc = { [`0x${"0".repeat(40)}`]: { balance: "1" } }; // it has fees of theirs
  const section = { gasLimit: 200_000_000, baseFeePerGas: BASE_FEE };
  const genesis = { ...testGenesis(0, alloc, section), chainId: CHAIN_ID, timestampMs: 0 };
  const { service, input } = await startChain({ genesis });
  for (let height = 1; height <= HEAD; height++)
    await service.execute({ ...input(height), timestampMs: 10_000 * height, coinbase: new Uint8Array(20) });
  const { deps } = createFakeChain();
  const head = { height: HEAD, number: blockNumber(HEAD) };
  const tags = () => ({ latest: head, safe: head, finalized: head });
  return createRpcServer({ port: 0 }, { ...deps, chainId: CHAIN_ID, execution: service, chain: { ...deps.chain, tags } });
}

function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, x]) => (OTHERS.has(key) ? [] : [[key, comparable(x)]])));
}

describe.skipIf(folder === undefined)("eth_simulateV1 of rpc-compat", async () => {
  const { paths, read } = wholeSuite(folder ?? import.meta.dirname);
  const files = paths.filter((path) => /eth_simulateV1\/.*\.io$/.test(path) && !ELSEWHERE.test(path));
  const server = folder === undefined ? undefined : await recordedHead();

  it.each(files)("%s", async (path) => {
    const [asked, told] = [">> ", "<< "].map((mark) => {
      const line = read(path)
        .split("\n")
        .find((x) => x.startsWith(mark)) as string;
      return JSON.parse(line.slice(3));
    });
    const { result, error } = await callRpc(server as NonNullable<typeof server>, "eth_simulateV1", ...asked.params);
    if (told.error !== undefined) expect(CODES[error?.code as number] ?? error?.code).toBe(told.error.code);
    else expect(comparable(result ?? error)).toEqual(comparable(told.result));
  });
});
