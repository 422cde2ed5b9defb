import hardhatToolboxViemPlugin from "@nomicfoundation/hardhat-toolbox-viem";
import { defineConfig } from "hardhat/config";

export default defineConfig({
  plugins: [hardhatToolboxViemPlugin],
  solidity: {
    version: "0.8.34",
    npmFilesToBuild: ["@noema/contracts/examples/TwoReadings.sol"],
  },
  test: { solidity: { fsPermissions: { readFile: ["test/digits.json"] } } },
});
