/**
 * The two questions of the Beacon API that readers of rollups ask for blobs, where anvil answers them too: a slot is a block number, a root a
 * block hash. GET /eth/v1/beacon/blobs/<block>?versioned_hashes=.. and GET /eth/v1/beacon/blob_sidecars/<block>?indices=..; of the latter
 * without beacon blocks' headers and proofs, and with `kzg_proof` only before Osaka, whose proofs are of cells.
 */
import { to0x } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import type { SidecarBlob } from "@noema/core/ports/sidecars";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { RpcDeps } from "../deps.ts";
import { rpcError } from "../errors.ts";
import { blobsOf, blobTransactionsOf } from "../ethereum/blob-sidecars.ts";
import { type BlockId, blockId, createBlockResolver } from "../ethereum/block-id.ts";
import { sendError } from "./http-error.ts";

/** `hash`: the versioned hash. */
type Shown = SidecarBlob & { hash: Hash };

const NAMES: Record<string, string> = { head: "latest", genesis: "earliest", finalized: "finalized", justified: "safe" };
const SLOT = /^(0|[1-9][0-9]{0,8})$/;

function parseBlock(request: FastifyRequest): BlockId {
  const { block } = request.params as { block: string };
  const id = SLOT.test(block) ? `0x${Number(block).toString(16)}` : (NAMES[block] ?? block);
  return blockId.read(id, "block id: head, finalized, genesis, a slot or a root");
}

/** One member of the query, its values with commas between or repeated; undefined: it is not there. */
function parseList(request: FastifyRequest, name: string): string[] | undefined {
  const { [name]: given, ...others } = request.query as Record<string, unknown>;
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined) throw rpcError("RPC_DA_QUERY_INVALID", `${unknown.slice(0, 40)} is no member of this query`);
  return given === undefined ? undefined : [given].flat().flatMap((x) => String(x).split(","));
}

export function addBeaconRoutes(app: FastifyInstance, deps: RpcDeps): void {
  const blocks = createBlockResolver(deps);

  async function answer(request: FastifyRequest, render: (blobs: readonly Shown[]) => unknown) {
    const number = await blocks.require(parseBlock(request));
    const shown: Shown[] = [];
    for (const record of await blobTransactionsOf(deps, number)) {
      shown.push(...(await blobsOf(deps, record)).map((blob, i) => ({ ...blob, hash: record.hashes[i] as Hash })));
    }
    const finalized = number <= deps.chain.tags().finalized.number;
    return { execution_optimistic: false, finalized, data: render(shown) };
  }

  const route = (name: string, f: (request: FastifyRequest) => (blobs: readonly Shown[]) => unknown) =>
    app.get(`/eth/v1/beacon/${name}/:block`, async (request, reply) => {
      try {
        return await answer(request, f(request));
      } catch (error) {
        return sendError(reply, error, deps.logger);
      }
    });
  route("blobs", (request) => {
    const wanted = parseList(request, "versioned_hashes");
    return (blobs) => blobs.filter(({ hash }) => wanted?.includes(to0x(hash)) ?? true).map(({ blob }) => to0x(blob));
  });
  route("blob_sidecars", (request) => {
    const wanted = parseList(request, "indices");
    return (blobs) => blobs.map(sidecar).filter(({ index }) => wanted?.includes(index) ?? true);
  });
}

function sidecar({ blob, commitment, proofs }: Shown, i: number) {
  const [proof] = proofs;
  const proved = proofs.length === 1 && proof !== undefined && { kzg_proof: to0x(proof) };
  return { index: String(i), blob: to0x(blob), kzg_commitment: to0x(commitment), ...proved };
}
