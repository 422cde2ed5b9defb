/** docs/operate/README.md on five machines that have nothing in common but a network: and when its cables are pulled out. */
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { heightOf, reach, readiness, requireOneChain, votedAfter } from "../harness/chain.ts";
import { until } from "../harness/wait.ts";
import { gatherOperators, NODES, type Operators } from "./gather.ts";
import { run } from "./page.ts";
import { hasNamespaces, inNamespaces, type Namespaces } from "./places.ts";

describe.skipIf(!hasNamespaces())("in network namespaces (as root, with ip)", () => {
  let places: Namespaces;
  let all: Operators;
  beforeAll(async () => {
    places = inNamespaces(NODES);
    all = await gatherOperators(privateKeyToAccount(generatePrivateKey()).address, places);
  });
  afterAll(() => all?.leave());

  const saysHalted = (url: string) =>
    until(
      async () => (await readiness(url)).code === 503,
      () => `${url} does not say that the chain is halted`,
    );

  it("four operators found a network, and a fifth follows it", async () => {
    await all.found();
    await run(all.block("5.", 0), all.root);
    all.launch("eve", all.block("5.", 1));
    await all.untilUp(all.urlOf(5));
    await reach([all.urlOf(5)], await heightOf(all.urlOf(1)));
  });

  it("goes on without one whose cable is out, which votes when it is in again", async () => {
    const index = await all.indexOf("dave");
    places.cable(4, false);
    await reach([1, 2, 3].map(all.urlOf), (await heightOf(all.urlOf(1))) + 3);
    places.cable(4, true);
    await votedAfter([1, 2, 3].map(all.urlOf), index, await heightOf(all.urlOf(1)));
  });

  it("halts with two cables out, says so, and goes on without a fork", async () => {
    for (const n of [3, 4]) places.cable(n, false);
    for (const n of [1, 2]) await saysHalted(all.urlOf(n));
    for (const n of [3, 4]) places.cable(n, true);
    const urls = [1, 2, 3, 4, 5].map(all.urlOf);
    await until(async () => (await readiness(all.urlOf(1))).code === 200, () => "the chain does not go on"); // biome-ignore format: one line
    await reach(urls, (await heightOf(all.urlOf(1))) + 2);
    await requireOneChain(urls);
    expect(new Set(await Promise.all(urls.map(async (url) => (await readiness(url)).code)))).toEqual(new Set([200]));
  });
});
