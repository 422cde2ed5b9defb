import { networkCompliance } from "@noema/core/testing/compliance/network";
import { startNodes } from "./testing/nodes.ts";

networkCompliance("libp2p on loopback", async (count) => {
  const nodes = await startNodes(count);
  await nodes.allConnected();
  return nodes;
});
