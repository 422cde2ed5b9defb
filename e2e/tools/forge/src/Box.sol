// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

contract Box {
    uint256 public v;

    function set(uint256 x) external {
        v = x;
    }
}
