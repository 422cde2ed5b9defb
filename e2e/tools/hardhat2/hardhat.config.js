require("@nomicfoundation/hardhat-ethers");
require("@openzeppelin/hardhat-upgrades");
require("hardhat-deploy");

module.exports = {
  solidity: { version: "0.8.34", settings: { optimizer: { enabled: true } } },
  namedAccounts: { deployer: 0 },
  networks: { devnet: { url: process.env.NODE_URL ?? "http://127.0.0.1:8545" } },
};
