/** The state in a file, to and from a node that takes or refuses it. */
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, it } from "vitest";
import { keepState, loadStateFile, stateFiles } from "./state-file.ts";

const folder = mkdtempSync(join(tmpdir(), "noema-state-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let server: Server | undefined;
afterEach(() => server?.close());

/** Answers every request so; what was put. */
async function serve(status: number, body: string) {
  const put: string[] = [];
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.method === "PUT") put.push(Buffer.concat(chunks).toString());
    response.writeHead(status).end(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, put };
}

it("is put as it is, and written whole or not at all", async () => {
  const path = join(folder, "state");
  writeFileSync(path, "the state");
  const taken = await serve(200, '{"accounts":7}');
  expect([await loadStateFile(taken.url, path), taken.put]).toEqual([7, ["the state"]]);
  server?.close();
  const given = await serve(200, "another");
  const warnings: string[] = [];
  const keep = (url: string) => keepState(url, path, undefined, (line) => warnings.push(line))();
  expect(await keep(given.url)).toBe(true);
  expect(readFileSync(path, "utf8")).toBe("another");
  server?.close();
  const refusing = await serve(503, '{"code":"RPC_BUSY"}');
  const refused = { code: "DEV_STATE_REFUSED", message: expect.stringContaining("RPC_BUSY") };
  expect([await keep(refusing.url), warnings]).toEqual([false, [expect.stringContaining("RPC_BUSY")]]);
  await expect(loadStateFile(refusing.url, path)).rejects.toMatchObject(refused);
  expect([readFileSync(path, "utf8"), readdirSync(folder)]).toEqual(["another", ["state"]]);
});

it("--state is both, and loads what exists; what cannot be read or written is told before anything starts", () => {
  const [here, missing] = [join(folder, "here"), join(folder, "missing")];
  writeFileSync(here, "");
  expect(stateFiles({ state: here })).toEqual({ load: here, dump: here });
  expect(stateFiles({ state: missing })).toEqual({ load: undefined, dump: missing });
  expect(stateFiles({ loadState: here })).toEqual({ load: here, dump: undefined });
  expect(stateFiles({ state: missing, loadState: here, dumpState: here })).toEqual({ load: here, dump: here });
  expect(stateFiles({})).toEqual({ load: undefined, dump: undefined });
  expect(() => stateFiles({ loadState: missing })).toThrow(expect.objectContaining({ code: "FILE_UNREADABLE" }));
  expect(() => stateFiles({ dumpState: join(folder, "no", "folder") })).toThrow(expect.objectContaining({ code: "FILE_UNWRITABLE" }));
});
