// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Memory} from "@openzeppelin/contracts/utils/Memory.sol";
import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";
import {TrieProof} from "@openzeppelin/contracts/utils/cryptography/TrieProof.sol";

/// Slots of accounts under a state root (EIP-1186).
library StateProof {
    /// Reverts where the account or the slot is not in the trie, which a slot of zero never is.
    function slot(
        bytes32 stateRoot,
        address account,
        bytes32 key,
        bytes[] memory accountProof,
        bytes[] memory storageProof
    ) internal pure returns (uint256) {
        bytes memory path = abi.encodePacked(keccak256(abi.encodePacked(account)));
        Memory.Slice[] memory fields = RLP.decodeList(TrieProof.traverse(stateRoot, path, accountProof));
        bytes32 storageRoot = RLP.readBytes32(fields[2]);
        return RLP.decodeUint256(TrieProof.traverse(storageRoot, abi.encodePacked(keccak256(abi.encode(key))), storageProof));
    }
}
