// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// An L1 contract's address on the L2, as on OP chains: another contract may stand at its own there, with the same deployer and nonce.
library Aliases {
    uint160 private constant OFFSET = uint160(0x1111000000000000000000000000000000001111);

    /// Who sends: an account with a key is itself, also one that has delegated its code (EIP-7702) and is called by another.
    function senderOf(address caller) internal view returns (address) {
        bool hasKey = caller == tx.origin || (caller.code.length == 23 && bytes3(caller.code) == 0xef0100);
        return hasKey ? caller : aliasOf(caller);
    }

    function aliasOf(address l1) internal pure returns (address) {
        unchecked {
            return address(uint160(l1) + OFFSET);
        }
    }
}
