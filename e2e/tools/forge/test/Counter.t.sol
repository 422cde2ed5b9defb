// SPDX-License-Identifier: MIT
pragma solidity ^0.8.13;

import {Counter} from "../src/Counter.sol";

interface Vm {
    function envAddress(string calldata name) external view returns (address);
    function envUint(string calldata name) external view returns (uint256);
    function prank(address sender) external;
    function rollFork(uint256 number) external;
}

/// What `forge init` begins with, and what it sees of the chain that it forks. Without forge-std, which is not to be had from npm.
contract CounterTest {
    Vm constant VM = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    Counter counter;

    function setUp() public {
        counter = new Counter();
        counter.setNumber(0);
    }

    function test_Increment() public {
        counter.increment();
        require(counter.number() == 1, "not incremented");
    }

    function testFuzz_SetNumber(uint256 x) public {
        counter.setNumber(x);
        require(counter.number() == x, "another number");
    }

    function test_ForkHasTheChainsState() public {
        Counter deployed = Counter(VM.envAddress("DEPLOYED"));
        require(deployed.number() == VM.envUint("DEPLOYED_NUMBER"), "another state");
        deployed.increment();
        require(deployed.number() == VM.envUint("DEPLOYED_NUMBER") + 1, "not incremented");
    }
}
