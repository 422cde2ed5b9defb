import { expect, test } from "vitest";
import { urlHost } from "./url-host.ts";

test.each([
  ["127.0.0.1", "127.0.0.1"],
  ["0.0.0.0", "127.0.0.1"],
  ["::", "[::1]"],
  ["fe80::1", "[fe80::1]"],
  ["node.example", "node.example"],
])("who listens on %s is asked at %s", (host, inUrl) => {
  expect(urlHost(host)).toBe(inUrl);
  expect(new URL(`http://${inUrl}:8545`).host).toBe(`${inUrl}:8545`);
});
