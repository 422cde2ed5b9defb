const assert = require("node:assert/strict");
const { deployments, ethers, upgrades } = require("hardhat");

describe("deployments.fixture", () => {
  for (const run of ["first", "again"])
    it(`begins from the deployment, ${run}`, async () => {
      await deployments.fixture(["Greeter"]);
      const { address } = await deployments.get("Greeter");
      const greeter = await ethers.getContractAt("Greeter", address);
      assert.equal(await greeter.greeting(), "good day");
      await (await greeter.greet("good night")).wait();
      assert.equal(await greeter.greeting(), "good night");
    });
});

describe("upgrades", () => {
  for (const kind of ["transparent", "beacon"])
    it(`keeps what a ${kind} proxy has stored`, async () => {
      const [Box, BoxV2] = [await ethers.getContractFactory("Box"), await ethers.getContractFactory("BoxV2")];
      const beacon = kind === "beacon" ? await upgrades.deployBeacon(Box) : undefined;
      const box = beacon ? await upgrades.deployBeaconProxy(beacon, Box, [7]) : await upgrades.deployProxy(Box, [7]);
      await box.waitForDeployment();
      if (beacon) await upgrades.upgradeBeacon(beacon, BoxV2);
      else await upgrades.upgradeProxy(box, BoxV2);
      const upgraded = BoxV2.attach(await box.getAddress());
      await (await upgraded.increment()).wait();
      assert.equal(await upgraded.value(), 8n);
    });

  it("refuses an implementation that keeps another type there", async () => {
    const box = await upgrades.deployProxy(await ethers.getContractFactory("Box"), [7]);
    const BoxOfText = await ethers.getContractFactory("BoxOfText");
    await assert.rejects(upgrades.upgradeProxy(box, BoxOfText), /New storage layout is incompatible/);
  });
});
