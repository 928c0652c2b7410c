"""Of which date a table is: the epochs of its codes or names, period by period, and what is wrong with its codes."""
