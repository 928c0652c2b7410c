"""Kill every verb that writes, at random and at every change it makes to the disk, and see that nothing is lost."""
