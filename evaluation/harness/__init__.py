"""What measurements share: homes that are kept, retrievers, trials, other stacks, clocks."""
