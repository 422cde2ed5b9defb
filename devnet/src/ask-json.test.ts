import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, it } from "vitest";
import { askJson } from "./ask-json.ts";

let server: Server;
let url: string;
let ending: AbortController;

beforeEach(async () => {
  server = createServer(async (asked, answer) => {
    if (asked.url === "/silent") return ending.abort();
    if (asked.url === "/stalls") return void answer.write("[1,", () => ending.abort());
    if (asked.url === "/words") return void answer.end("no such page");
    answer.end(JSON.stringify({ method: asked.method, type: asked.headers["content-type"], body: await text(asked) }));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

it("asks, and asks with a body", async () => {
  expect(await askJson(url)).toEqual({ method: "GET", body: "" });
  expect(await askJson(url, { body: [1] })).toEqual({ method: "POST", type: "application/json", body: "[1]" });
});

it("rejects where there is no answer, no whole one before the signal, or no JSON", async () => {
  await expect(askJson(`${url}/words`)).rejects.toThrow(SyntaxError);
  for (const path of ["silent", "stalls"]) {
    ending = new AbortController();
    await expect(askJson(`${url}/${path}`, { signal: ending.signal })).rejects.toThrow(/abort/i);
  }
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await expect(askJson(url)).rejects.toMatchObject({ code: "ECONNREFUSED" });
});
