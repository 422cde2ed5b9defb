// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// Work of one kind: new storage, or arithmetic and hashing.
contract Work {
    event Wrote(uint256 indexed from, uint256 count);

    mapping(uint256 => uint256) public slots;
    mapping(address => uint256) public results;

    /// New slots `from` to `from + count - 1`, each read back from the slot before.
    function write(uint256 from, uint256 count) external {
        for (uint256 i = from; i < from + count; i++) slots[i] = slots[i - 1] + i;
        emit Wrote(from, count);
    }

    function compute(uint256 rounds, uint256 seed) external {
        uint256 x = seed;
        for (uint256 i = 0; i < rounds; i++) {
            x = uint256(keccak256(abi.encode(x, i)));
            unchecked {
                x = (x * x + i) % (2 ** 255 - 19);
            }
        }
        results[msg.sender] = x;
    }
}
