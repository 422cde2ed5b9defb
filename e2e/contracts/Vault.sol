// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// Fails in every way that a person looks for a line of: through modifiers, internal calls, other contracts and constructors.
contract Vault {
    error TooMuch(address who, uint256 asked, uint256 held);

    uint256 public immutable limit;
    uint256[] private list;

    modifier onlySmall(uint256 amount) {
        if (amount > limit) {
            revert TooMuch(msg.sender, amount, limit);
        }
        _;
    }

    constructor(uint256 limit_) {
        require(limit_ > 0, "no limit");
        limit = limit_;
    }

    function take(uint256 amount) external onlySmall(amount) {
        list.push(amount);
    }

    function get(uint256 i) external view returns (uint256) {
        return element(i);
    }

    function element(uint256 i) internal view returns (uint256) {
        return list[i];
    }

    function burn() external pure {
        assembly {
            invalid()
        }
    }
}

contract Caller {
    Vault private vault;

    constructor(Vault vault_) {
        vault = vault_;
    }

    // A brace } in a comment, and "a string {" below, are no code.
    function forward(uint256 amount) external returns (string memory) {
        pass(amount);
        return "a string {";
    }

    function pass(uint256 amount) internal {
        vault.take(amount);
    }

    function guarded(uint256 amount) external {
        try vault.take(amount) {} catch {
            revert("the vault said no");
        }
    }

    function make(uint256 limit) external {
        vault = new Vault(limit);
    }
}
