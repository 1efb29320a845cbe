A= B= cmd
