/** Whom `noema da sample` believes: nodes that agree on chain and validators, and then nothing of an object that does not verify. */
import { createServer, type Server } from "node:http";
import { afterEach, expect, it } from "vitest";
import { sample } from "./sample.ts";

const ID = `0x${"05".repeat(32)}`;
const NOT_FOUND = { code: "DA_NOT_FOUND", message: "not known" };
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

type Told = { genesis?: string; weight?: string; facts?: object; info?: object };

/** A node that says so, and counts what it is asked of objects. */
async function node({ genesis = "0a", weight = "0x1", facts = NOT_FOUND, info }: Told = {}): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const results: Record<string, unknown> = {
    noema_nodeInfo: info ?? { chainId: "0x7", genesisHash: `0x${genesis.repeat(32)}` },
    noema_validators: [{ publicKey: `0x${"0b".repeat(48)}`, weight, feeAddress: `0x${"0c".repeat(20)}`, rpcUrl: null }],
  };
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    if (request.method === "GET") {
      asked.push(request.url as string);
      return response.writeHead(facts === NOT_FOUND ? 404 : 200).end(JSON.stringify(facts));
    }
    const { method } = JSON.parse(Buffer.concat(parts).toString()) as { method: string };
    return response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, result: results[method] }));
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}`, asked };
}

const run = (rpc: readonly string[], id = ID) => sample(id, { rpc, samples: 5, json: true });

it("asks nobody for what is no id", async () => {
  await expect(run(["http://127.0.0.1:1"], "0x12")).rejects.toMatchObject({ code: "ARGUMENT_INVALID" });
});

it.each([
  ["another chain", { genesis: "0d" }],
  ["other validators", { weight: "0x2" }],
])("believes none of two nodes of which one tells of %s", async (_, other) => {
  const [one, two] = [await node(), await node(other)];
  const refused = {
    code: "CLI_REQUEST_FAILED",
    message: `${one.url} and ${two.url} are of different chains, or name different validators`,
  };
  await expect(run([one.url, two.url])).rejects.toMatchObject(refused);
  expect([...one.asked, ...two.asked]).toEqual([]);
});

it("asks every node for an object that one does not know, and gives the nodes' own refusal", async () => {
  const nodes = [await node(), await node()];
  await expect(run(nodes.map(({ url }) => url))).rejects.toMatchObject(NOT_FOUND);
  for (const { asked } of nodes) expect(asked).toEqual([`/da-cells/${ID}/facts`]);
});

it("believes no description that does not have the form of one", async () => {
  const liar = await node({ facts: { meta: {} } });
  await expect(run([liar.url])).rejects.toMatchObject({ code: "DA_FRAME_INVALID" });
});
