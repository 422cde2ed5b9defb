import { createServer } from "node:http";
import { afterEach, beforeEach, expect, it } from "vitest";
import { PROVEN_CELL_BYTES } from "./cells.ts";
import type { CellSource } from "./client.ts";
import { MAX_FACTS_BYTES } from "./facts.ts";
import { createHttpSource } from "./http-source.ts";

const ID = new Uint8Array(32).fill(0xab);
const never = new AbortController().signal;
let source: CellSource;
let answer: { status: number; body: string | Uint8Array };
let asked: string[];
const server = createServer((request, response) => {
  asked.push(request.url!);
  response.writeHead(answer.status).end(answer.body);
});

beforeEach(async () => {
  asked = [];
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  source = createHttpSource(`http://127.0.0.1:${(server.address() as { port: number }).port}`);
});
afterEach(() => new Promise((done) => server.close(done)));

const cells = () => source.cells(ID, 3, [1, 70], never);

it("asks for cells by slot and indices, and gives the bytes", async () => {
  answer = { status: 200, body: new Uint8Array(2 * PROVEN_CELL_BYTES).fill(7) };
  expect(await cells()).toEqual(answer.body);
  expect(asked).toEqual([`/da-cells/0x${"ab".repeat(32)}/cells?slot=3&cells=1,70`]);
});

it("gives a node's refusal by its code", async () => {
  answer = { status: 503, body: JSON.stringify({ code: "DA_CELLS_BUSY", message: "32 rows wait" }) };
  await expect(cells()).rejects.toMatchObject({ code: "DA_CELLS_BUSY", message: "32 rows wait" });
});

it.each([
  ["a page", { status: 502, body: "<html>" }],
  ["null", { status: 500, body: "null" }],
  ["a code that is no text", { status: 500, body: '{"code": 1, "message": "x"}' }],
  ["more than an answer has", { status: 200, body: new Uint8Array(MAX_FACTS_BYTES + 1) }],
])("refuses %s", async (_, wrong) => {
  answer = wrong;
  await expect(cells()).rejects.toMatchObject({ code: "DA_FRAME_INVALID" });
});

it("refuses facts that are none", async () => {
  answer = { status: 200, body: "{}" };
  await expect(source.facts(ID, never)).rejects.toMatchObject({ code: "DA_FRAME_INVALID" });
  answer = { status: 200, body: "no JSON" };
  await expect(source.facts(ID, never)).rejects.toMatchObject({ code: "DA_FRAME_INVALID" });
});
