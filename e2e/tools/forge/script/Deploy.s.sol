// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Box} from "../src/Box.sol";

interface Vm {
    function startBroadcast() external;
    function stopBroadcast() external;
}

contract Deploy {
    Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    function run() external {
        vm.startBroadcast();
        Box salted = new Box{salt: bytes32(uint256(7))}(); // by the CREATE2 deployer
        salted.set(5);
        Box plain = new Box();
        plain.set(6);
        vm.stopBroadcast();
    }
}
