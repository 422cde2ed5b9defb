// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INoemaHead} from "./interfaces/INoemaHead.sol";
import {Bls12381} from "./lib/Bls12381.sol";
import {ConsensusHeader} from "./lib/ConsensusHeader.sol";
import {LittleEndian} from "./lib/LittleEndian.sol";
import {ValidatorSets} from "./lib/ValidatorSets.sol";

/**
 * A light client of a Noema chain on an L1. A header is final where more than two thirds of its epoch's stake signed that; each header names the
 * set of its epoch and of the next one, so that sets follow one another from genesis on. Nobody owns it, and what it took stays.
 */
contract NoemaHead is INoemaHead {
    using ValidatorSets for mapping(bytes32 hash => ValidatorSets.Set);

    /// Domains of signatures: they bind kind and chain (encoding.md 2).
    bytes32 public immutable finalizeDomain;
    bytes32 public immutable blobDomain;

    uint64 public height;
    uint64 public epoch;
    uint64 public provenHeight;
    uint64 public updatedAt;
    bytes32 public currentSet;
    bytes32 public nextSet;

    mapping(bytes32 hash => ValidatorSets.Set) private sets;
    mapping(uint64 height => bytes32) public stateRootOf;
    mapping(uint64 height => bytes32) public receiptsRootOf;

    /// @param genesisSet hash of the validators of epochs 0 and 1
    constructor(bytes32 genesisHash, bytes32 genesisSet) {
        finalizeDomain = sha256(abi.encodePacked("noema/1/finalize", genesisHash));
        blobDomain = sha256(abi.encodePacked("noema/1/blob", genesisHash));
        (currentSet, nextSet) = (genesisSet, genesisSet);
        updatedAt = uint64(block.timestamp);
    }

    function registerSet(bytes calldata members) external returns (bytes32 hash) {
        hash = sets.register(members);
        emit SetRegistered(hash, sets[hash].count, sets[hash].total);
    }

    function update(bytes calldata header, uint64 view_, Certificate calldata certificate) external {
        ConsensusHeader.Fields memory fields = ConsensusHeader.read(header);
        if (fields.height <= height) revert HeightNotNewer(fields.height, height);
        bytes32 set = setOf(fields.epoch);
        if (fields.validatorSet != set) revert SetDiffers(fields.validatorSet, set);
        bytes32 message = sha256(
            abi.encodePacked(
                finalizeDomain, LittleEndian.swap(fields.epoch), LittleEndian.swap(view_), ConsensusHeader.hash(header)
            )
        );
        requireSigned(set, message, certificate);

        (height, epoch, updatedAt) = (fields.height, fields.epoch, uint64(block.timestamp));
        if (currentSet != set) currentSet = set;
        if (nextSet != fields.nextValidatorSet) nextSet = fields.nextValidatorSet;
        if (fields.execHeight > provenHeight) prove(fields);
    }

    function checkDaCertificate(AvailabilityHeader calldata header, Certificate calldata certificate) external view {
        bytes32 message =
            sha256(abi.encodePacked(blobDomain, LittleEndian.swap(header.epoch), availabilityHash(header)));
        requireSigned(setOf(header.epoch), message, certificate);
    }

    /**
     * An epoch's set, as far as it is known. Epochs may be passed over only while their set stays: then its own signatures say that it is the one,
     * and fewer than a third of it are false, which is what the next epoch rests on as well.
     */
    function setOf(uint64 wanted) private view returns (bytes32) {
        if (wanted == epoch) return currentSet;
        if (wanted < epoch || (wanted > epoch + 1 && nextSet != currentSet)) revert EpochUnreachable(wanted, epoch);
        return nextSet;
    }

    function requireSigned(bytes32 setHash, bytes32 message, Certificate calldata certificate) private view {
        ValidatorSets.Set memory set = sets[setHash];
        if (set.code == address(0)) revert ValidatorSets.SetUnknown(setHash);
        uint256 key = ValidatorSets.quorumKey(set, certificate.bitmap);
        if (!Bls12381.verifies(key, message, certificate.signature)) revert SignatureWrong();
    }

    function prove(ConsensusHeader.Fields memory fields) private {
        provenHeight = fields.execHeight;
        stateRootOf[fields.execHeight] = fields.stateRoot;
        receiptsRootOf[fields.execHeight] = fields.receiptsRoot;
        emit Proven(fields.execHeight, fields.stateRoot, fields.receiptsRoot);
    }

    /// hashTreeRoot: eight leaves.
    function availabilityHash(AvailabilityHeader calldata h) private pure returns (bytes32) {
        return pair(
            pair(pair(leaf(h.epoch), leaf(h.publisher)), pair(leaf(h.seq), leaf(h.refHeight))),
            pair(pair(leaf(h.size), leaf(h.gasLimitSum)), pair(leaf(h.expiry), h.id))
        );
    }

    function leaf(uint64 value) private pure returns (bytes32) {
        return bytes32(uint256(LittleEndian.swap(value)) << 192);
    }

    function pair(bytes32 left, bytes32 right) private pure returns (bytes32) {
        return sha256(abi.encodePacked(left, right));
    }
}
