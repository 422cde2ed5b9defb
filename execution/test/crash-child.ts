/** Executes blocks without end over an LMDB folder, until it is killed; says each height once it is durable, with its results. */
import { toHex } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import { createExecutionService } from "../src/service.ts";
import { echoPrecompiles, testGenesis } from "../src/testing/chain.ts";
import { crashInput } from "./crash-input.ts";
import { openLmdb } from "./lmdb-store.ts";

const kv = openLmdb(process.argv[2] as string);
const init = {
  kv,
  precompiles: echoPrecompiles(),
  genesis: testGenesis(4, {}, { history: 8 }),
  genesisHash: sha256(Uint8Array.of(1)),
  logger: { log() {} },
};
const service = createExecutionService({ ...init });
const { result } = await service.start();
process.stdout.write(`start ${result.height} ${toHex(result.stateRoot)}\n`);
for (let h = result.height + 1; ; h++) {
  const { result } = await service.execute(crashInput(h));
  process.stdout.write(`done ${h} ${toHex(result.stateRoot)} ${toHex(result.evmBlockHash)}\n`);
}
