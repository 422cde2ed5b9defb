// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Box} from "./Box.sol";

/// @custom:oz-upgrades-from Box
contract BoxV2 is Box {
    function increment() external onlyOwner {
        value++;
    }
}
