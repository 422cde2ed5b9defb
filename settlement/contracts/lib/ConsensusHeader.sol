// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LittleEndian} from "./LittleEndian.sol";

/// The header of a Noema block in SSZ, and its hash (docs/protocol/encoding.md 3 and 4: 602 bytes, hashTreeRoot of 18 fields).
library ConsensusHeader {
    error HeaderLength(uint256 length);

    uint256 internal constant LENGTH = 602;

    // Where fields begin.
    uint256 private constant EPOCH = 0;
    uint256 private constant HEIGHT = 16;
    uint256 private constant EXEC = 354;
    uint256 private constant VALIDATOR_SET = 538;
    uint256 private constant NEXT_VALIDATOR_SET = 570;

    struct Fields {
        uint64 epoch;
        uint64 height;
        bytes32 validatorSet;
        bytes32 nextValidatorSet;
        /// Of the height whose result it carries.
        uint64 execHeight;
        bytes32 stateRoot;
        bytes32 receiptsRoot;
    }

    function read(bytes calldata header) internal pure returns (Fields memory fields) {
        if (header.length != LENGTH) revert HeaderLength(header.length);
        fields.epoch = u64le(header, EPOCH);
        fields.height = u64le(header, HEIGHT);
        fields.execHeight = u64le(header, EXEC);
        fields.stateRoot = bytes32(header[EXEC + 40:]);
        fields.receiptsRoot = bytes32(header[EXEC + 72:]);
        fields.validatorSet = bytes32(header[VALIDATOR_SET:]);
        fields.nextValidatorSet = bytes32(header[NEXT_VALIDATOR_SET:]);
    }

    /// hashTreeRoot. The header's length has been checked.
    function hash(bytes calldata header) internal view returns (bytes32 root) {
        assembly ("memory-safe") {
            function pairs(ptr, count) {
                for { let i := 0 } lt(i, count) { i := add(i, 1) } {
                    if iszero(staticcall(gas(), 0x02, add(ptr, shl(6, i)), 0x40, add(ptr, shl(5, i)), 0x20)) { revert(0, 0) }
                }
            }
            let leaves := mload(0x40)
            let scratch := add(leaves, 0x400)
            let from := header.offset
            // A field of less than 32 bytes is filled with zeros behind it.
            calldatacopy(leaves, calldatasize(), 0x240)
            calldatacopy(leaves, from, 8) // epoch
            calldatacopy(add(leaves, 0x20), add(from, 8), 8) // view
            calldatacopy(add(leaves, 0x40), add(from, 16), 8) // height
            calldatacopy(add(leaves, 0x60), add(from, 24), 32) // parentHash
            calldatacopy(add(leaves, 0x80), add(from, 56), 8) // timestampMs
            calldatacopy(add(leaves, 0xa0), add(from, 64), 2) // proposer
            // randaoReveal: 96 bytes, four leaves
            calldatacopy(scratch, add(from, 66), 96)
            calldatacopy(add(scratch, 0x60), calldatasize(), 0x20)
            pairs(scratch, 2)
            pairs(scratch, 1)
            mstore(add(leaves, 0xc0), mload(scratch))
            calldatacopy(add(leaves, 0xe0), add(from, 162), 128) // certsRoot, evidenceRoot, sealRoot, depositsRoot
            // l1Origin: number, hash
            mstore(scratch, 0)
            calldatacopy(scratch, add(from, 290), 8)
            calldatacopy(add(scratch, 0x20), add(from, 298), 32)
            pairs(scratch, 1)
            mstore(add(leaves, 0x160), mload(scratch))
            calldatacopy(add(leaves, 0x180), add(from, 330), 8) // payloadBytes
            calldatacopy(add(leaves, 0x1a0), add(from, 338), 8) // blobBytes
            calldatacopy(add(leaves, 0x1c0), add(from, 346), 8) // gasLimitSum
            // exec: height, evmBlockHash, stateRoot, receiptsRoot, gasUsed, skippedRoot, number, systemRoot
            calldatacopy(scratch, calldatasize(), 0x100)
            calldatacopy(scratch, add(from, 354), 8)
            calldatacopy(add(scratch, 0x20), add(from, 362), 96)
            calldatacopy(add(scratch, 0x80), add(from, 458), 8)
            calldatacopy(add(scratch, 0xa0), add(from, 466), 32)
            calldatacopy(add(scratch, 0xc0), add(from, 498), 8)
            calldatacopy(add(scratch, 0xe0), add(from, 506), 32)
            pairs(scratch, 4)
            pairs(scratch, 2)
            pairs(scratch, 1)
            mstore(add(leaves, 0x1e0), mload(scratch))
            calldatacopy(add(leaves, 0x200), add(from, 538), 64) // validatorSetHash, nextValidatorSetHash
            // Leaves 18 to 31 are zero: hashes of nothing but zeros stand where a level needs one.
            pairs(leaves, 9)
            mstore(add(leaves, 0x120), 0xf5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b)
            pairs(leaves, 5)
            mstore(add(leaves, 0xa0), 0xdb56114e00fdd4c1f85c892bf35ac9a89289aaecb1ebd0a96cde606a748b5d71)
            pairs(leaves, 3)
            mstore(add(leaves, 0x60), 0xc78009fdf07fc56a11f122370658a353aaa542ed63e44c4bc15ff4cd105ab33c)
            pairs(leaves, 2)
            pairs(leaves, 1)
            root := mload(leaves)
        }
    }

    function u64le(bytes calldata data, uint256 ptr) private pure returns (uint64 value) {
        return LittleEndian.swap(uint64(bytes8(data[ptr:])));
    }
}
