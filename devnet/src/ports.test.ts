import { createServer, type Server } from "node:net";
import { afterEach, expect, it } from "vitest";
import { claimPorts } from "./ports.ts";

const host = "127.0.0.1";
const servers: Server[] = [];
afterEach(() => Promise.all(servers.splice(0).map((x) => new Promise((done) => x.close(done)))));

async function taken(): Promise<number> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, host, done));
  return (server.address() as { port: number }).port;
}

it("names the flag of the range whose port is taken", async () => {
  const port = await taken();
  const free = { flag: "--port", host, first: 0, count: 2 };
  await expect(claimPorts([free, { flag: "--metrics-port", host, first: port, count: 1 }])).rejects.toMatchObject({
    code: "DEV_PORT_IN_USE",
    message: `port ${port} on ${host} is taken by another process: choose another with --metrics-port (0 picks free ones)`,
  });
});

it("names every flag at once: beside a first devnet a second needs them all", async () => {
  const [rpc, metrics] = [await taken(), await taken()];
  const both = [
    { flag: "--port", host, first: rpc, count: 1 },
    { flag: "--metrics-port", host, first: metrics, count: 1 },
  ];
  await expect(claimPorts(both)).rejects.toMatchObject({
    code: "DEV_PORT_IN_USE",
    message: expect.stringMatching(/ --port; .* --metrics-port /),
  });
});

it("notices ranges that overlap, and picks no port twice", async () => {
  const [[first = 0] = []] = await claimPorts([{ flag: "--port", host, first: 0, count: 1 }]);
  const twice = claimPorts([
    { flag: "--port", host, first, count: 1 },
    { flag: "--p2p-port", host, first, count: 1 },
  ]);
  await expect(twice).rejects.toMatchObject({ code: "DEV_PORT_IN_USE", message: expect.stringContaining("is also one of --port") });
  const picked = await claimPorts([
    { flag: "--port", host, first: 0, count: 4 },
    { flag: "--p2p-port", host, first: 0, count: 4 },
  ]);
  expect(new Set(picked.flat()).size).toBe(8);
});

it("refuses ports beyond the last and hosts that are not here", async () => {
  const beyond = claimPorts([{ flag: "--port", host, first: 65_535, count: 2 }]);
  await expect(beyond).rejects.toMatchObject({ code: "DEV_PORT_IN_USE", message: expect.stringContaining("--port") });
  const elsewhere = claimPorts([{ flag: "--port", host: "192.0.2.1", first: 0, count: 1 }]); // RFC 5737: nobody's
  await expect(elsewhere).rejects.toMatchObject({ code: "HOST_UNUSABLE", message: expect.stringContaining("192.0.2.1") });
});
