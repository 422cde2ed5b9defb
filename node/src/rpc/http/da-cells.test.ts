import { daError } from "@noema/da-layer/errors";
import type { SamplingFace } from "@noema/da-layer/sampling/cell-server";
import { decodeProvenCells, encodeProvenCell } from "@noema/da-layer/sampling/cells";
import { parseFacts } from "@noema/da-layer/sampling/facts";
import { testMeta } from "@noema/da-layer/testing/blob";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createRpcServer, type RpcServer } from "../server.ts";
import { createFakeChain } from "../testing/fake-chain.ts";

const ID = `0x${"ab".repeat(32)}`;
const object = { meta: testMeta(100), rowsRoot: new Uint8Array(32), commitments: [new Uint8Array(48)], ys: [], proof: new Uint8Array(48) };
const asked: unknown[] = [];

/** Knows one object; a cell's bytes are its index, its proof's the slot. */
const sampling: SamplingFace = {
  sampled: async (id) => (id[0] === 0xab ? { object, height: 7, holders: [0, 1, 2] } : undefined),
  async cells(asker, _id, slot, indices) {
    asked.push([asker, slot, indices]);
    if (slot === 2) throw daError("DA_CELLS_BUSY", "32 rows wait");
    return indices.map((i) => encodeProvenCell({ cell: new Uint8Array(2048).fill(i), proof: new Uint8Array(48).fill(slot) }));
  },
};

let server: RpcServer;
beforeEach(() => {
  server = createRpcServer({ port: 0 }, { ...createFakeChain().deps, sampling });
});
afterEach(() => server.stop());

const get = async (path: string) => {
  const { statusCode, headers, rawPayload } = await server.app.inject({ method: "GET", url: `/da-cells/${path}` });
  return { status: statusCode, headers, bytes: new Uint8Array(rawPayload) };
};
const codeOf = ({ bytes }: { bytes: Uint8Array }) => (JSON.parse(new TextDecoder().decode(bytes)) as { code: string }).code;

it("tells what describes an object as a sampler reads it", async () => {
  const { status, bytes } = await get(`${ID}/facts`);
  expect(status).toBe(200);
  expect(parseFacts(JSON.parse(new TextDecoder().decode(bytes)))).toMatchObject({ meta: object.meta, height: 7, holders: [0, 1, 2] });
  const unknown = await get(`0x${"00".repeat(32)}/facts`);
  expect([unknown.status, codeOf(unknown)]).toEqual([404, "DA_NOT_FOUND"]);
});

it("gives cells with their proofs in the order asked for, on the asker's own share", async () => {
  asked.length = 0;
  const { status, headers, bytes } = await get(`${ID}/cells?slot=1&cells=0,5,127`);
  expect([status, headers["content-type"]]).toEqual([200, "application/octet-stream"]);
  expect(decodeProvenCells(bytes, 3).map(({ cell, proof }) => [cell[0], proof[0]])).toEqual([
    [0, 1],
    [5, 1],
    [127, 1],
  ]);
  expect(asked).toEqual([["127.0.0.1", 1, [0, 5, 127]]]);
});

it("says when to ask again", async () => {
  const busy = await get(`${ID}/cells?slot=2&cells=0`);
  expect([busy.status, busy.headers["retry-after"], codeOf(busy)]).toEqual([503, "1", "DA_CELLS_BUSY"]);
});

it.each([
  "cells",
  "cells?slot=0",
  "cells?cells=0",
  "cells?slot=&cells=0",
  "cells?slot=00&cells=0",
  "cells?slot=-1&cells=0",
  "cells?slot=1e2&cells=0",
  "cells?slot=0&slot=1&cells=0",
  "cells?slot=0&cells=",
  "cells?slot=0&cells=0,",
  "cells?slot=0&cells=0x1",
  "cells?slot=0&cells=0,,1",
  "cells?slot=0&cells=0&more=1",
  "facts?slot=0",
])("refuses %s, and asks nobody", async (path) => {
  asked.length = 0;
  const answer = await get(`${ID}/${path}`);
  expect([answer.status, codeOf(answer)]).toEqual([400, "RPC_DA_QUERY_INVALID"]);
  expect(asked).toEqual([]);
});

it("refuses what is no id", async () => {
  const answer = await get("0x12/cells?slot=0&cells=0");
  expect([answer.status, codeOf(answer)]).toEqual([400, "RPC_DA_ID_INVALID"]);
});
