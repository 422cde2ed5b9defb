// A proxy is deployed; another run, with the address in PROXY, upgrades it. Prints one line of JSON.
const { ethers, upgrades } = require("hardhat");

async function deploy() {
  const box = await upgrades.deployProxy(await ethers.getContractFactory("Box"), [41]);
  await box.waitForDeployment();
  return { proxy: await box.getAddress(), value: Number(await box.value()) };
}

async function upgrade(proxy) {
  const box = await upgrades.upgradeProxy(proxy, await ethers.getContractFactory("BoxV2"));
  await (await box.increment()).wait();
  return { proxy, value: Number(await box.value()) };
}

const { PROXY } = process.env;
(PROXY === undefined ? deploy() : upgrade(PROXY)).then(
  (result) => console.log(JSON.stringify(result)),
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
