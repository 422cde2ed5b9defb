import { expect, it } from "vitest";
import { addressBook } from "./address-book.ts";

const [A, B] = ["12D3KooWJ7UkNv2w6cDMNdT6Wtx4JFxE71u7XpABMzeoctHoXUMQ", "12D3KooWRnadeUEDhFFHUCUEE1hHfiAtE29J9qmewto1QqufH3N9"];
const at = (id: string, n = 7) => `/ip4/203.0.113.${n}/tcp/9645/p2p/${id}`;

it("has each peer's addresses, and not its own", () => {
  const book = addressBook([at(A), at(B), at(A, 8)], B);
  expect([...book].map(([id, addresses]) => [id, addresses.map(String)])).toEqual([[A, [at(A), at(A, 8)]]]);
});

it("refuses an address that leads to nobody: no peer, one that is cut off, one with a letter too many", () => {
  const wrong = ["203.0.113.7:9645", "/ip4/203.0.113.7/tcp/9645", at(A.slice(0, -1)), at(`${A}Q`), at("12D3KooW")];
  for (const address of wrong)
    expect(() => addressBook([address], ""), address).toThrow(expect.objectContaining({ code: "P2P_ADDRESS_INVALID", message: expect.stringContaining(address) })); // biome-ignore format: one line
});
