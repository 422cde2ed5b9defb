// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// An L1 contract's address on the L2, as on OP chains: another contract may stand at its own there, with the same deployer and nonce.
library Aliases {
    uint160 private constant OFFSET = uint160(0x1111000000000000000000000000000000001111);

    function aliasOf(address l1) internal pure returns (address) {
        unchecked {
            return address(uint160(l1) + OFFSET);
        }
    }
}
