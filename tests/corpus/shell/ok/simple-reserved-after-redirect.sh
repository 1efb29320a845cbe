>x while
