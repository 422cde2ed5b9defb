/** The clients' libraries against four validators: what one validator answers in the same words is in one-validator.e2e.ts. */
import { afterAll, beforeAll } from "vitest";
import { type RunningDevnet, startDevnet } from "../harness/devnet.ts";
import { castClient } from "./cast-client.ts";
import { ethersClient } from "./ethers-client.ts";
import { genesisContracts } from "./genesis-contracts.ts";
import { viemNoemaActions } from "./noema-actions.ts";
import { rpcShapes } from "./rpc-shapes.ts";
import { viemContracts } from "./viem-contracts.ts";

let net: RunningDevnet;
beforeAll(async () => {
  net = await startDevnet();
});
afterAll(() => net?.destroy());

viemContracts(() => net);
genesisContracts(() => net);
ethersClient(() => net);
castClient(() => net);
rpcShapes(() => net);
viemNoemaActions(() => net);
