// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/**
 * Calls what withdrawals name. It holds nothing and is allowed nothing, so that a withdrawal may call whatever it likes: the portal, which holds
 * all that is locked, calls nobody's data.
 */
contract Messenger {
    error NotPortal();

    address public immutable portal = msg.sender;
    /// Who sent it on the L2, while its call runs.
    address public transient sender;

    function relay(address from, address target, bytes calldata data) external payable returns (bool ok, bytes memory answer) {
        if (msg.sender != portal) revert NotPortal();
        sender = from;
        (ok, answer) = target.call{value: msg.value}(data);
        sender = address(0);
    }
}
