/** The document that a server gives of itself, by the judge that the specification's authors publish. */
import * as published from "@open-rpc/meta-schema";
import { Ajv } from "ajv";
import draft7 from "ajv/dist/refs/json-schema-draft-07.json" with { type: "json" };
import { expect, it } from "vitest";
import type { RpcModule } from "../../json-rpc/method.ts";
import { quantity } from "../../json-rpc/parsers.ts";
import { createRpcServer } from "../../server.ts";
import { resultOf } from "../../testing/call.ts";
import { createFakeChain } from "../../testing/fake-chain.ts";

/** Of another package, which need not describe what it adds. */
const described: RpcModule = {
  name: "mine",
  methods: { mine_half: { params: [["of", quantity()]], run: () => "0x1" } },
};
const server = createRpcServer({ port: 0, modules: [() => described] }, createFakeChain().deps);

type Method = { name: string; summary: string; params: { name: string; required: boolean; schema: unknown }[]; errors: unknown[] };
type Document = { methods: Method[]; components: { schemas: Record<string, unknown> } };

/** JSON Schema by the address that OpenRPC's has for it, written in two ways there. */
const JSON_SCHEMA = "https://meta.json-schema.tools/";
const { openrpcDocument } = published as unknown as { openrpcDocument: object }; // its types lack it
const text = JSON.stringify(openrpcDocument).replaceAll(`"${JSON_SCHEMA.slice(0, -1)}"`, `"${JSON_SCHEMA}"`);
const { $id: _, ...plain } = draft7;
const { $schema: __, ...metaSchema } = JSON.parse(text) as Record<string, unknown>;

function judge() {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const reference = { JSONSchemaObject: { properties: { $ref: { type: "string" } } } };
  ajv.addSchema({ ...plain, $id: JSON_SCHEMA, definitions: { ...plain.definitions, ...reference } });
  return ajv.compile(metaSchema);
}

it("is valid against OpenRPC's own schema, which finds what is not", async () => {
  const document: Document = await resultOf(server, "rpc.discover");
  const validate = judge();
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  expect(validate({ ...document, methods: [{ ...document.methods[0], params: [{ name: "x" }] }] })).toBe(false);
  expect(validate({ ...document, components: { schemas: { Quantity: { type: "quantity" } } } })).toBe(false);
});

it("refers to types that it has", async () => {
  const document: Document = await resultOf(server, "rpc.discover");
  const referred = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map((x) => x[1]);
  expect(referred.length).toBeGreaterThan(20);
  expect([...new Set(referred)].sort()).toEqual(Object.keys(document.components.schemas).sort());
});

it("has every method of every namespace, with what its parsers take", async () => {
  const { methods }: Document = await resultOf(server, "rpc.discover");
  const find = (name: string) => methods.find((x) => x.name === name) as Method;
  expect(find("web3_sha3")).toMatchObject({
    summary: "keccak-256 of the data",
    params: [{ name: "data", required: true, schema: { $ref: "#/components/schemas/Data" } }],
    errors: [{ code: -32602, data: { codes: { RPC_PARAMS_INVALID: "a parameter is missing or has the wrong form" } } }],
  });
  expect(find("mine_half").params).toEqual([{ name: "of", required: true, schema: { $ref: "#/components/schemas/Quantity" } }]);
  const names = methods.map((x) => x.name.split(/[._]/)[0]);
  expect([...new Set(names)]).toEqual(expect.arrayContaining(["eth", "debug", "noema", "anvil", "hardhat", "evm", "rpc"]));
});
