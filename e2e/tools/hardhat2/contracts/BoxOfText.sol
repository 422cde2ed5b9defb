// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {OwnableUpgradeable} from "@openzeppelin/contracts-upgradeable/access/OwnableUpgradeable.sol";

/// What stood where `value` stands now was a number.
contract BoxOfText is OwnableUpgradeable {
    string public value;

    function initialize(string calldata first) public initializer {
        __Ownable_init(msg.sender);
        value = first;
    }
}
