module.exports = async ({ getNamedAccounts, deployments }) => {
  const { deployer } = await getNamedAccounts();
  await deployments.deploy("Greeter", { from: deployer, args: ["hello"], log: true });
  await deployments.execute("Greeter", { from: deployer, log: true }, "greet", "good day");
};
module.exports.tags = ["Greeter"];
