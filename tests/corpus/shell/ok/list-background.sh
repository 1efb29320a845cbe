a & b & c &
