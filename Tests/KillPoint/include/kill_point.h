/* Preloaded into the program by kernel tests; see kill_point.c. Nothing is called by name. */
