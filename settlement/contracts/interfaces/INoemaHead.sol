// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// What a Noema chain has made final, as certificates of its validators say.
interface INoemaHead {
    /// The state after a height, once a final header has carried it.
    event Proven(uint64 indexed height, bytes32 stateRoot, bytes32 receiptsRoot);
    event SetRegistered(bytes32 indexed hash, uint256 members, uint256 total);

    error HeightNotNewer(uint64 height, uint64 newest);
    error EpochUnreachable(uint64 epoch, uint64 newest);
    error SetDiffers(bytes32 set, bytes32 expected);
    error SignatureWrong();

    /// A certificate: more than two thirds of an epoch's stake.
    struct Certificate {
        /// Bit i in byte i >> 3, mask 1 << (i & 7), of the validator i in the order of their keys.
        bytes bitmap;
        /// Of G2 as EIP-2537 has it, 256 bytes.
        bytes signature;
    }

    /// Header of an availability certificate (docs/protocol/encoding.md 4).
    struct AvailabilityHeader {
        uint64 epoch;
        uint64 publisher;
        uint64 seq;
        uint64 refHeight;
        uint64 size;
        uint64 gasLimitSum;
        uint64 expiry;
        bytes32 id;
    }

    /// Anyone may: it says no more than the hash that headers carry. `members`: 124 bytes each (lib/ValidatorSets.sol).
    function registerSet(bytes calldata members) external returns (bytes32 hash);

    /**
     * Takes a final header that is higher than the newest.
     * @param header SSZ, 602 bytes
     * @param view_ of the finalization, which a boundary block that was proposed again has apart from its header
     */
    function update(bytes calldata header, uint64 view_, Certificate calldata certificate) external;

    /// Whether validators of the newest epoch, or of the one that it has made known, hold these bytes: a blob's certificate. Reverts where it is none.
    function checkDaCertificate(AvailabilityHeader calldata header, Certificate calldata certificate) external view;

    /// Zero where no header has carried that height's result.
    function stateRootOf(uint64 height) external view returns (bytes32);
    function receiptsRootOf(uint64 height) external view returns (bytes32);
    /// The newest of them.
    function provenHeight() external view returns (uint64);
    /// Seconds; when the newest header came.
    function updatedAt() external view returns (uint64);
}
