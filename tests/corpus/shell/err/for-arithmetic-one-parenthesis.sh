for (a;b;c) do d; done
