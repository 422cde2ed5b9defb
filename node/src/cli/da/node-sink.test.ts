import { createServer } from "node:http";
import { expect, it } from "vitest";
import { nodeSink } from "./node-sink.ts";

const ID = `0x${"05".repeat(32)}`;

it("says at once, and once, that the node loads what encodes", async () => {
  const said: string[] = [];
  let told = () => {};
  const first = new Promise<void>((resolve) => (told = resolve));
  const server = createServer(async (request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "application/x-ndjson" });
    response.write('{"state":"preparing","done":0}\n');
    await first; // what was said did not wait for the rest
    response.write('{"state":"preparing","done":1}\n');
    response.end(`{"state":"included","id":"${ID}","height":9}\n`);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const journal = { known: new Map<string, string>(), add: () => {}, end: () => {} };
  const sink = nodeSink(url, 100, "", journal, (line) => {
    said.push(line);
    told();
  });
  for (const n of [1, 2]) expect(await sink.publish(Uint8Array.of(n))).toEqual({ id: new Uint8Array(32).fill(5), height: 9 });
  expect(said).toEqual([`${url} loads what encodes data, once after its start, which takes some seconds`]);
  server.close();
});

it("tells how far an object is that is not kept yet", async () => {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "application/x-ndjson" });
    response.write(`{"state":"encoded","done":1,"id":"${ID}"}\n`);
    next.then(() => response.end(`{"state":"signed","done":0.5,"id":"${ID}"}\n{"state":"included","id":"${ID}","height":9}\n`));
  });
  let go = () => {};
  const next = new Promise<void>((resolve) => (go = resolve));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const journal = { known: new Map<string, string>(), add: () => {}, end: () => {} };
  const sink = nodeSink(`http://127.0.0.1:${(server.address() as { port: number }).port}`, 100, "", journal, () => {});
  const said = [sink.underWay()];
  const publishing = sink.publish(Uint8Array.of(1), () => {
    said.push(sink.underWay());
    go();
  });
  said.push(sink.underWay());
  await publishing;
  expect([...said, sink.underWay()]).toEqual(["", "rows being encoded", "rows encoded", ""]);
  server.close();
});

it("tells an object's id before it is kept", async () => {
  let named = () => {};
  const known = new Promise<void>((resolve) => (named = resolve));
  const server = createServer(async (request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "application/x-ndjson" });
    response.write(`{"state":"encoded","done":1,"id":"${ID}"}\n`);
    await known; // or this ends never
    response.end(`{"state":"included","id":"${ID}","height":9}\n`);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const journal = { known: new Map<string, string>(), add: () => {}, end: () => {} };
  const sink = nodeSink(`http://127.0.0.1:${(server.address() as { port: number }).port}`, 100, "", journal, () => {});
  const told: Uint8Array[] = [];
  await sink.publish(Uint8Array.of(1), (id) => {
    told.push(id);
    named();
  });
  expect(told).toEqual([new Uint8Array(32).fill(5)]);
  server.close();
});
