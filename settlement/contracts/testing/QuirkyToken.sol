// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// A token as there are some: it may take a fee of each transfer, answer nothing, have no name, and call somebody while it moves.
contract QuirkyToken {
    mapping(address => uint256) public balanceOf;
    uint256 public immutable feePercent;
    bool public immutable isMute;
    address public hook;
    bytes public hookData;
    bool private inHook;

    constructor(uint256 feePercent_, bool isMute_) {
        (feePercent, isMute) = (feePercent_, isMute_);
        balanceOf[msg.sender] = 1_000_000;
    }

    function setHook(address hook_, bytes calldata data) external {
        (hook, hookData) = (hook_, data);
    }

    function transfer(address to, uint256 amount) external {
        move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external {
        move(from, to, amount);
    }

    function move(address from, address to, uint256 amount) private {
        balanceOf[from] -= amount;
        balanceOf[to] += amount - (amount * feePercent) / 100;
        if (hook != address(0) && !inHook) {
            inHook = true;
            (bool ok, bytes memory answer) = hook.call(hookData);
            inHook = false;
            if (!ok) {
                assembly ("memory-safe") {
                    revert(add(answer, 0x20), mload(answer))
                }
            }
        }
        if (isMute) return;
        assembly ("memory-safe") {
            mstore(0, 1)
            return(0, 0x20)
        }
    }
}
