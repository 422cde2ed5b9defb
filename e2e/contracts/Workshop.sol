// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// Loops, contracts that make contracts, calls in depth and failures inside of them, for tests.
contract Workshop {
    error Unwanted(address by, uint256 code);

    event Made(address indexed made, bytes32 indexed salt);

    uint256[] public numbers;
    uint256 transient private visits;

    constructor(uint256 code) payable {
        if (code != 0) revert Unwanted(msg.sender, code);
    }

    /// Sum of squares below n.
    function sum(uint256 n) external pure returns (uint256 total) {
        for (uint256 i = 0; i < n; i++) total += i * i;
    }

    function push(uint256 n) external {
        for (uint256 i = 0; i < n; i++) numbers.push(i);
    }

    /// CREATE2 with the given init code; reverts with what the init code reverted with.
    function make(bytes memory initCode, bytes32 salt) external payable returns (address made) {
        assembly ("memory-safe") {
            made := create2(callvalue(), add(initCode, 32), mload(initCode), salt)
            if iszero(made) {
                let free := mload(64)
                returndatacopy(free, 0, returndatasize())
                revert(free, returndatasize())
            }
        }
        emit Made(made, salt);
    }

    /// Calls itself `depth` deep and fails at the bottom if asked to.
    function descend(uint256 depth, bool fail) external returns (uint256) {
        visits++;
        if (depth > 0) return this.descend(depth - 1, fail);
        if (fail) revert Unwanted(msg.sender, visits);
        return visits;
    }

    /// Calls anything, and hands back its failure.
    function poke(address target, bytes calldata data) external payable returns (bytes memory answer) {
        bool ok;
        (ok, answer) = target.call{value: msg.value}(data);
        if (!ok) {
            assembly ("memory-safe") {
                revert(add(answer, 32), mload(answer))
            }
        }
    }

    receive() external payable {}
}
