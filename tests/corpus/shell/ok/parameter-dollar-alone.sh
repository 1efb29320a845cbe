echo $ a$ $, $% $/
