import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { askChain } from "./facts.ts";

it("is asked of a chain whose blocks have no base fee yet", async () => {
  const server = createServer((_, answer) => {
    const results = [{ number: "0x1" }, [{ name: "digits" }], "0x5"];
    answer.end(JSON.stringify(results.map((result, id) => ({ jsonrpc: "2.0", id, result }))));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await askChain(url, ["0xaa"])).toEqual({ height: 1, baseFee: 0n, balances: [5n], models: ["digits"] });
  server.close();
});
