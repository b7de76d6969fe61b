"""What a profile can say: where the parts of an outlet's pages stand, and since when."""
