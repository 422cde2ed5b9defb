/** EIP-712 against ethers, which encodes on its own; viem is compared beside the code. */
import { fromHex } from "@noema/core/bytes";
import { randomTypedData } from "@noema/node/rpc/modules/dev/testing/random-typed-data";
import { signTypedData, typedData } from "@noema/node/rpc/modules/dev/typed-data";
import { Wallet } from "ethers";
import fc from "fast-check";
import { it } from "vitest";

it("signs whatever fits its types as ethers does", async () => {
  const key = `0x${"4c".repeat(32)}`;
  const wallet = new Wallet(key);
  await fc.assert(
    fc.asyncProperty(randomTypedData({ recursive: false }), async ({ types, primaryType, domain, message }) => {
      const ours = await signTypedData(typedData.read({ types, primaryType, domain, message }, "data"), fromHex(key));
      const theirs = await wallet.signTypedData(domain, types, message);
      if (ours !== theirs) throw new Error(`${ours} is not ${theirs}`);
    }),
    { numRuns: 300 },
  );
});
