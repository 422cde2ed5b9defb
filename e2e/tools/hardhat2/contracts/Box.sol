// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {OwnableUpgradeable} from "@openzeppelin/contracts-upgradeable/access/OwnableUpgradeable.sol";

contract Box is OwnableUpgradeable {
    uint256 public value;

    function initialize(uint256 first) public initializer {
        __Ownable_init(msg.sender);
        value = first;
    }
}
