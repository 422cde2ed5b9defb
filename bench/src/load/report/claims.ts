/** What other networks of several validators publish of themselves: on other machines, with other loads, and not measured here. */
export type Claim = { network: string; validators: string; rate: string; load: string; source: string };

export const CLAIMS: readonly Claim[] = [
  {
    network: "Besu, QBFT",
    validators: "4",
    rate: "750 to 1,200",
    load: "calls of a simple contract, by one or two Calipers",
    source: "https://besu-eth.github.io/wiki/QBFT-Performance_22156796.html",
  },
  {
    network: "Besu, QBFT",
    validators: "4",
    rate: "520 to 645",
    load: "ERC-20 transfers, by one or two Calipers",
    source: "https://besu-eth.github.io/wiki/QBFT-Performance_22156796.html",
  },
  {
    network: "CometBFT 0.37",
    validators: "175, and 25 nodes that do not vote",
    rate: "400",
    load: "two connections of 200 transactions a second, just below saturation",
    source: "https://docs.cometbft.com/v0.38/qa/cometbft-qa-37",
  },
];
