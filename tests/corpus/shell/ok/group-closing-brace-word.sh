{ echo }; echo a} }b; }
