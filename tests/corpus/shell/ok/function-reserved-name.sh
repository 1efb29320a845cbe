function if { :; }; function { { :; }
