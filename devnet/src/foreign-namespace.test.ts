/** Another package gives a node a namespace: a real node, of which nothing is touched. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRecordingLogger } from "@noema/core/testing/null-ports";
import { parseNodeConfig } from "@noema/node/config";
import { createNode } from "@noema/node/node";
import { method } from "@noema/node/rpc/json-rpc/method";
import { text } from "@noema/node/rpc/json-rpc/parsers";
import type { CreateModule } from "@noema/node/rpc/module-deps";
import { afterAll, expect, it } from "vitest";
import { prepareDatadir } from "./datadir.ts";
import { readOptions } from "./options.ts";

const root = mkdtempSync(join(tmpdir(), "noema-namespace-"));
afterAll(() => rmSync(root, { recursive: true }));

const greeter: CreateModule = ({ chainId }) => ({
  name: "greeter",
  methods: { greeter_greet: method([["name", text(20)]], (name) => `${name}, this is chain ${chainId}`) },
});

/** One node on a new chain, with these namespaces. */
async function prepare(...modules: CreateModule[]) {
  const { folders, genesisPath } = await prepareDatadir(root, readOptions({ validators: 1, fresh: true }), []);
  const port = 0;
  const config = parseNodeConfig(
    { genesis: genesisPath, datadir: folders[0], rpc: { port }, metrics: { port }, p2p: { port, peers: [] } },
    root,
  );
  const logger = createRecordingLogger();
  const node = createNode(config, logger, () => {}, { modules });
  const ask = async (name: string, ...params: unknown[]) => {
    const rpc = logger.lines.find((x) => x.message === "node started")?.fields.rpc;
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: name, params });
    return (await fetch(`http://127.0.0.1:${rpc}/`, { method: "POST", body })).json();
  };
  return { node, ask };
}

it("answers what another package adds, and starts with no name twice", async () => {
  const { node, ask } = await prepare(greeter);
  await node.start();
  expect(await ask("greeter_greet", "Ada")).toMatchObject({ result: "Ada, this is chain 31337" });
  expect(await ask("rpc_modules")).toMatchObject({ result: { eth: "1.0", greeter: "1.0" } });
  await node.stop();
  const twice = await prepare(greeter, greeter);
  await expect(twice.node.start()).rejects.toMatchObject({ code: "RPC_NAME_TAKEN" });
});
