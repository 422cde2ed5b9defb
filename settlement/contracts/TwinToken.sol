// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// A token of the L1 on the L2: as much as is locked there.
contract TwinToken is ERC20 {
    error NotBridge();

    address public immutable bridge = msg.sender;
    uint8 private immutable places;

    constructor(string memory name, string memory symbol, uint8 places_) ERC20(name, symbol) {
        places = places_;
    }

    modifier onlyBridge() {
        if (msg.sender != bridge) revert NotBridge();
        _;
    }

    function decimals() public view override returns (uint8) {
        return places;
    }

    function mint(address to, uint256 amount) external onlyBridge {
        _mint(to, amount);
    }

    function burn(address from, uint256 amount) external onlyBridge {
        _burn(from, amount);
    }
}
