# free of everything
