/** Every client against one validator, which makes a block the moment a transaction arrives. */
import { afterAll, beforeAll } from "vitest";
import { type RunningDevnet, startDevnet } from "../harness/devnet.ts";
import { blobTransactions } from "./blob-transactions.ts";
import { castClient } from "./cast-client.ts";
import { ethersClient } from "./ethers-client.ts";
import { genesisContracts } from "./genesis-contracts.ts";
import { viemNoemaActions } from "./noema-actions.ts";
import { rpcShapes } from "./rpc-shapes.ts";
import { viemContracts } from "./viem-contracts.ts";
import { viemTransactions } from "./viem-transactions.ts";

let net: RunningDevnet;
beforeAll(async () => {
  net = await startDevnet(["--validators", "1"]);
});
afterAll(() => net?.destroy());

viemContracts(() => net);
genesisContracts(() => net);
viemTransactions(() => net);
ethersClient(() => net);
castClient(() => net);
rpcShapes(() => net);
blobTransactions(() => net);
viemNoemaActions(() => net);
